/* Logs what a process does to the files of one folder: loaded with LD_PRELOAD, so under any command and under SQLite.
 *
 * DISK_LOG names the log, DISK_LOG_FOLDER the folder. A record is a line "operation inode first second\n", whose numbers are
 * the lengths of what follows: two paths, or an offset (first) and bytes (second). What is written to stdout and stderr is
 * logged too: it is what the process said, and when. An operation is logged before it is carried out, since from then on
 * it may be on the disk; that a sync ended is logged after it, since only then must be there what came before its beginning.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 65536
#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int log_file = -1;
static char folder[PATH_MAX];
static unsigned char watched[MOST_FILES];
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("DISK_LOG"), *where = getenv("DISK_LOG_FOLDER");
    if (!log || !where || !realpath(where, folder)) return;
    int opened = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    log_file = fcntl(opened, F_DUPFD_CLOEXEC, 1000); /* out of the way of those who count files */
    close(opened);
}

static int is_inside(const char *path) {
    size_t length = strlen(folder);
    return log_file >= 0 && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* The path without symbolic links, its last name left as it is (it may not be there yet). */
static void resolve(int at, const char *path, char *result) {
    char whole[2 * PATH_MAX], place[64], base[PATH_MAX];
    if (*path != '/') {
        snprintf(place, sizeof place, at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", at);
        ssize_t length = readlink(place, base, sizeof base - 1);
        base[length < 0 ? 0 : length] = 0;
        snprintf(whole, sizeof whole, "%s/%s", base, path);
    } else
        snprintf(whole, sizeof whole, "%s", path);
    size_t length = strlen(whole);
    while (length > 1 && whole[length - 1] == '/') whole[--length] = 0;
    char *last = strrchr(whole, '/');
    char name[NAME_MAX + 1];
    snprintf(name, sizeof name, "%s", last + 1);
    *last = 0;
    if (!realpath(*whole ? whole : "/", base)) snprintf(base, sizeof base, "%.*s", PATH_MAX - 1, whole);
    snprintf(result, PATH_MAX, "%.*s/%s", (int)(PATH_MAX - strlen(name) - 2), base, name);
}

static unsigned long inode_of(const char *path) {
    struct stat found;
    return lstat(path, &found) ? 0 : found.st_ino;
}

static unsigned long inode_at(int file) {
    struct stat found;
    return fstat(file, &found) ? 0 : found.st_ino;
}

static void put(const char *operation, unsigned long inode, unsigned long first, unsigned long second, const void *one,
                size_t one_length, const void *two, size_t two_length) {
    char head[128];
    int kept = errno, length = snprintf(head, sizeof head, "%s %lu %lu %lu\n", operation, inode, first, second);
    struct iovec parts[3] = {{head, length}, {(void *)one, one_length}, {(void *)two, two_length}};
    ssize_t (*gather)(int, const struct iovec *, int) = dlsym(RTLD_NEXT, "writev");
    pthread_mutex_lock(&order);
    if (gather(log_file, parts, 3) != (ssize_t)(length + one_length + two_length)) abort();
    pthread_mutex_unlock(&order);
    errno = kept;
}

static void put_paths(const char *operation, unsigned long inode, const char *one, const char *two) {
    put(operation, inode, strlen(one), strlen(two), one, strlen(one), two, strlen(two));
}

static void put_bytes(int file, off_t offset, const void *bytes, size_t length) {
    put("write", inode_at(file), offset, length, bytes, length, "", 0);
}

static int is_watched(int file) { return file >= 0 && file < MOST_FILES && watched[file]; }

static void note_write(int file, off_t offset, const void *bytes, size_t length) {
    if (log_file < 0) return;
    if (is_watched(file)) {
        if (offset < 0) {
            off_t end = fcntl(file, F_GETFL) & O_APPEND ? lseek(file, 0, SEEK_END) : lseek(file, 0, SEEK_CUR);
            put_bytes(file, end, bytes, length);
        } else
            put_bytes(file, offset, bytes, length);
    } else if (file == 1 || file == 2)
        put("said", 0, 0, length, bytes, length, "", 0);
}

/* --- opening ---------------------------------------------------------------------------------------------------- */
static int opened(int (*real)(int, const char *, int, ...), int at, const char *path, int flags, mode_t mode) {
    char where[PATH_MAX];
    if (log_file < 0) return real(at, path, flags, mode);
    resolve(at, path, where);
    int is_ours = is_inside(where), was_there = is_ours && inode_of(where);
    int file = real(at, path, flags, mode);
    if (file < 0 || file >= MOST_FILES) return file;
    watched[file] = is_ours;
    if (is_ours && (flags & O_CREAT) && !was_there) put_paths("create", inode_at(file), where, "");
    if (is_ours && (flags & O_TRUNC) && was_there) put("truncate", inode_at(file), 0, 0, "", 0, "", 0);
    return file;
}

#define MODE                                                                                                            \
    mode_t mode = 0;                                                                                                    \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                                                \
        va_list rest;                                                                                                   \
        va_start(rest, flags);                                                                                          \
        mode = va_arg(rest, mode_t);                                                                                    \
        va_end(rest);                                                                                                   \
    }
#define OPEN(name)                                                                                                      \
    int name(const char *path, int flags, ...) {                                                                        \
        MODE return opened(dlsym(RTLD_NEXT, "openat"), AT_FDCWD, path, flags, mode);                                    \
    }
#define OPENAT(name)                                                                                                    \
    int name(int at, const char *path, int flags, ...) {                                                                \
        MODE return opened(dlsym(RTLD_NEXT, "openat"), at, path, flags, mode);                                          \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int close(int file) {
    REAL(close);
    if (file == log_file && log_file >= 0) return 0;
    if (file >= 0 && file < MOST_FILES) watched[file] = 0;
    return real(file);
}

/* --- writing ---------------------------------------------------------------------------------------------------- */
ssize_t write(int file, const void *bytes, size_t length) {
    REAL(write);
    note_write(file, -1, bytes, length);
    return real(file, bytes, length);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    REAL(pwrite);
    note_write(file, offset, bytes, length);
    return real(file, bytes, length, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off_t offset) { return pwrite(file, bytes, length, offset); }

ssize_t writev(int file, const struct iovec *parts, int count) {
    REAL(writev);
    if (!is_watched(file) && file != 1 && file != 2) return real(file, parts, count);
    ssize_t all = 0;
    for (int each = 0; each < count; each++) { /* one after the other: a log entry each */
        ssize_t done = write(file, parts[each].iov_base, parts[each].iov_len);
        if (done < 0) return all ? all : done;
        all += done;
        if ((size_t)done < parts[each].iov_len) break;
    }
    return all;
}

/* Those who copy within the kernel are told that it cannot, and then read and write. */
#define NO_COPY(name, out, ...)                                                                                          \
    ssize_t name(__VA_ARGS__) {                                                                                         \
        REAL(name);                                                                                                     \
        if (is_watched(out)) {                                                                                          \
            errno = EINVAL;                                                                                             \
            return -1;                                                                                                  \
        }
#include <sys/sendfile.h>
NO_COPY(sendfile, target, int target, int source, off_t *offset, size_t count) return real(target, source, offset, count); }
NO_COPY(sendfile64, target, int target, int source, off_t *offset, size_t count) return real(target, source, offset, count); }
NO_COPY(copy_file_range, target, int source, off_t *from, int target, off_t *to, size_t count, unsigned int flags)
    return real(source, from, target, to, count, flags); }

int ftruncate(int file, off_t length) {
    REAL(ftruncate);
    if (is_watched(file)) put("truncate", inode_at(file), length, 0, "", 0, "", 0);
    return real(file, length);
}

int ftruncate64(int file, off_t length) { return ftruncate(file, length); }

int truncate(const char *path, off_t length) {
    REAL(truncate);
    char where[PATH_MAX];
    resolve(AT_FDCWD, path, where);
    if (is_inside(where)) put("truncate", inode_of(where), length, 0, "", 0, "", 0);
    return real(path, length);
}

int truncate64(const char *path, off_t length) { return truncate(path, length); }

/* --- syncing ---------------------------------------------------------------------------------------------------- */
#define SYNC(name)                                                                                                      \
    int name(int file) {                                                                                                \
        REAL(name);                                                                                                     \
        if (!is_watched(file)) return real(file);                                                                       \
        put("sync", inode_at(file), 0, 0, "", 0, "", 0);                                                                \
        int result = real(file);                                                                                        \
        if (!result) put("synced", inode_at(file), 0, 0, "", 0, "", 0);                                                 \
        return result;                                                                                                  \
    }
SYNC(fsync)
SYNC(fdatasync)

/* --- names ------------------------------------------------------------------------------------------------------ */
static int made_folder(int at, const char *path, mode_t mode) {
    int (*real)(int, const char *, mode_t) = dlsym(RTLD_NEXT, "mkdirat");
    char where[PATH_MAX];
    int result = real(at, path, mode);
    resolve(at, path, where);
    if (!result && is_inside(where)) put_paths("folder", inode_of(where), where, "");
    return result;
}

int mkdir(const char *path, mode_t mode) { return made_folder(AT_FDCWD, path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return made_folder(at, path, mode); }

static int removed(int at, const char *path, int flags) {
    int (*real)(int, const char *, int) = dlsym(RTLD_NEXT, "unlinkat");
    char where[PATH_MAX];
    resolve(at, path, where);
    if (is_inside(where) && inode_of(where)) put_paths("remove", inode_of(where), where, "");
    return real(at, path, flags);
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return removed(at, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    struct stat found;
    return removed(AT_FDCWD, path, !lstat(path, &found) && S_ISDIR(found.st_mode) ? AT_REMOVEDIR : 0);
}

static void note_pair(const char *operation, int at, const char *path, int to, const char *target) {
    char from[PATH_MAX], where[PATH_MAX];
    if (log_file < 0) return;
    resolve(at, path, from);
    resolve(to, target, where);
    if (is_inside(from) || is_inside(where)) put_paths(operation, inode_of(from), from, where);
}

int renameat2(int at, const char *path, int to, const char *target, unsigned int flags) {
    REAL(renameat2);
    note_pair("rename", at, path, to, target);
    return real(at, path, to, target, flags);
}

int renameat(int at, const char *path, int to, const char *target) { return renameat2(at, path, to, target, 0); }
int rename(const char *path, const char *target) { return renameat2(AT_FDCWD, path, AT_FDCWD, target, 0); }

int linkat(int at, const char *path, int to, const char *target, int flags) {
    REAL(linkat);
    note_pair("link", at, path, to, target);
    return real(at, path, to, target, flags);
}

int link(const char *path, const char *target) { return linkat(AT_FDCWD, path, AT_FDCWD, target, 0); }
