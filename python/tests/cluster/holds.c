/*
 * Holds a process at a chosen step of writing a file, so that a test can kill it there.
 *
 * Preloaded into the executors (LD_PRELOAD) of the test cluster; the connector knows nothing of it.
 * Environment: ARRAYS_HOLDS, a folder of the host. Each file <id>.hold there has three lines:
 *   operation   open | write | rename | renamed | delete
 *   a glob of the path (of "rename" and "renamed": the old path)
 *   a glob of the new path ("rename", "renamed"; else *)
 * A hard link counts as a rename: it too gives a whole file its name in one step.
 * A call that matches leaves <id>.reached (which holds its process id and the paths) and waits until
 * <id>.hold is gone. "open", "rename" and "delete" wait before the call, "renamed" after it; "write" waits
 * after half of the bytes and then returns a short count, which is a legal write.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

typedef int (*open_fn)(const char *, int, ...);
typedef int (*openat_fn)(int, const char *, int, ...);
typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off_t);
typedef int (*unlink_fn)(const char *);
typedef int (*rename_fn)(const char *, const char *);

#define REAL(type, name) \
  static type real; \
  if (real == NULL) real = (type) dlsym(RTLD_NEXT, name)

static const char *holds(void) {
  static const char *folder;
  if (folder == NULL) folder = getenv("ARRAYS_HOLDS");
  /* One cheap call while nothing is held: the folder exists only then. */
  return folder != NULL && access(folder, F_OK) == 0 ? folder : NULL;
}

static int read_lines(const char *path, char lines[3][PATH_MAX]) {
  FILE *file = fopen(path, "re");
  if (file == NULL) return 0;
  int read = 0;
  while (read < 3 && fgets(lines[read], PATH_MAX, file) != NULL) {
    lines[read][strcspn(lines[read], "\n")] = '\0';
    read++;
  }
  fclose(file);
  return read == 3;
}

static void wait_here(const char *hold, const char *from, const char *to) {
  char reached[PATH_MAX], partial[PATH_MAX];
  int stem = (int) (strlen(hold) - strlen(".hold"));
  snprintf(reached, sizeof reached, "%.*s.reached", stem, hold);
  snprintf(partial, sizeof partial, "%.*s.%d.tmp", stem, hold, (int) getpid());
  FILE *file = fopen(partial, "we");
  if (file != NULL) {
    fprintf(file, "%d\n%s\n%s\n", (int) getpid(), from, to);
    fclose(file);
    REAL(rename_fn, "rename");
    real(partial, reached);
  }
  const struct timespec pause = {0, 5 * 1000 * 1000};
  while (access(hold, F_OK) == 0) nanosleep(&pause, NULL);
}

/* The file of the hold that matches, or 0. */
static int matching(const char *operation, const char *from, const char *to, char *found) {
  const char *folder = holds();
  if (folder == NULL) return 0;
  DIR *entries = opendir(folder);
  if (entries == NULL) return 0;
  int hit = 0;
  struct dirent *entry;
  while (!hit && (entry = readdir(entries)) != NULL) {
    size_t length = strlen(entry->d_name);
    if (length < 5 || strcmp(entry->d_name + length - 5, ".hold") != 0) continue;
    char lines[3][PATH_MAX];
    snprintf(found, PATH_MAX, "%s/%s", folder, entry->d_name);
    hit = read_lines(found, lines) && strcmp(lines[0], operation) == 0 &&
          fnmatch(lines[1], from, 0) == 0 && fnmatch(lines[2], to, 0) == 0;
  }
  closedir(entries);
  return hit;
}

static void maybe_hold(const char *operation, const char *from, const char *to) {
  int saved = errno;
  char hold[PATH_MAX];
  if (matching(operation, from, to, hold)) wait_here(hold, from, to);
  errno = saved;
}

static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = '\0';
  return path[0] == '/';
}

/* Whether a write to this file must stop half-way; then `hold` and `path` are filled in. */
static int torn(int fd, size_t count, char *hold, char *path) {
  int saved = errno;
  int hit = count > 1 && holds() != NULL && path_of(fd, path) && matching("write", path, "", hold);
  errno = saved;
  return hit;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write_fn, "write");
  char hold[PATH_MAX], path[PATH_MAX];
  if (!torn(fd, count, hold, path)) return real(fd, bytes, count);
  ssize_t written = real(fd, bytes, count / 2);
  wait_here(hold, path, "");
  return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) {
  REAL(pwrite_fn, "pwrite64");
  char hold[PATH_MAX], path[PATH_MAX];
  if (!torn(fd, count, hold, path)) return real(fd, bytes, count, offset);
  ssize_t written = real(fd, bytes, count / 2, offset);
  wait_here(hold, path, "");
  return written;
}

/* What the HDF5 library calls. */
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  REAL(pwrite_fn, "pwrite");
  char hold[PATH_MAX], path[PATH_MAX];
  if (!torn(fd, count, hold, path)) return real(fd, bytes, count, offset);
  ssize_t written = real(fd, bytes, count / 2, offset);
  wait_here(hold, path, "");
  return written;
}

int rename(const char *from, const char *to) {
  REAL(rename_fn, "rename");
  maybe_hold("rename", from, to);
  int result = real(from, to);
  if (result == 0) maybe_hold("renamed", from, to);
  return result;
}

int link(const char *from, const char *to) {
  REAL(rename_fn, "link");
  maybe_hold("rename", from, to);
  int result = real(from, to);
  if (result == 0) maybe_hold("renamed", from, to);
  return result;
}

int unlink(const char *path) {
  REAL(unlink_fn, "unlink");
  maybe_hold("delete", path, "");
  return real(path);
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(open_fn, #name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    maybe_hold("open", path, ""); \
    return real(path, flags, mode); \
  }

#define OPENAT(name) \
  int name(int at, const char *path, int flags, ...) { \
    REAL(openat_fn, #name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    maybe_hold("open", path, ""); \
    return real(at, path, flags, mode); \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
