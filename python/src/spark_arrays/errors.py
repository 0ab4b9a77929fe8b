"""The one exception that this package raises for mistakes that a user can mend."""

from __future__ import annotations

__all__ = ["SparkArraysError"]


class SparkArraysError(RuntimeError):
    """A mistake in the set-up or the input, with a stable code and what to do about it.

    Parameters
    ----------
    code
        stable upper-case name of the cause; scripts may match on it
    where
        the path, column or setting at fault
    problem
        what was found
    remedy
        what to do, as a sentence or a command

    Examples
    --------
    >>> error = SparkArraysError("JAR_MISSING", "/x.jar", "there is no such file", "Run `make jar`")
    >>> error.code
    'JAR_MISSING'
    >>> print(error)
    [JAR_MISSING] /x.jar: there is no such file. Run `make jar`.
    """

    def __init__(self, code: str, where: object, problem: str, remedy: str) -> None:
        super().__init__(f"[{code}] {where}: {problem}. {remedy}.")
        self.code = code

    @classmethod
    def of(cls, code: str, message: str) -> SparkArraysError:
        """Make one of a mistake that has its message already.

        Parameters
        ----------
        code
            its stable name
        message
            all that is told, the code included

        Examples
        --------
        >>> SparkArraysError.of("PATH_NOT_FOUND", "[PATH_NOT_FOUND] /x: nothing is there.").code
        'PATH_NOT_FOUND'
        """
        error = cls.__new__(cls, message)
        RuntimeError.__init__(error, message)
        error.code = code
        return error
