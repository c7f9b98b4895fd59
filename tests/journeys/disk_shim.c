/* Stands between a program and the disk: fails or ends the program at the n-th call that writes,
 * ends the room after so many bytes, and records every write for simulated power cuts.
 *
 * Preloaded (LD_PRELOAD). Only files below DERM_FAULTS_UNDER are looked at. Python arms it through
 * ctypes; state is the process's own, so a forked child starts from what its parent had.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { COUNT, FAIL, FAIL_ON, DIE };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int armed, how, number;
static long countdown, calls;
static int64_t room = -1; /* bytes that files may still grow; -1: no limit */
static int record = -1;

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

void faults_arm(int what, long n, int error) {
    pthread_mutex_lock(&lock);
    how = what, countdown = n, number = error, calls = 0, armed = 1;
    pthread_mutex_unlock(&lock);
}

void faults_disarm(void) { armed = 0; }
long faults_calls(void) { return calls; }
void faults_room(int64_t bytes) { room = bytes; }
void faults_record(const char *path) {
    record = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
}

static int ours(const char *path) {
    const char *under = getenv("DERM_FAULTS_UNDER");
    return path && under && *under && strncmp(path, under, strlen(under)) == 0;
}

static int path_of(int fd, char *path) {
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(name, path, PATH_MAX - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return ours(path);
}

/* One entry: kind, offset, lengths, two names, bytes. */
static void keep(char kind, const char *a, const char *b, int64_t at, const void *bytes, size_t n) {
    if (record < 0) return;
    uint32_t la = (uint32_t)strlen(a), lb = b ? (uint32_t)strlen(b) : 0, ln = (uint32_t)n;
    size_t size = 1 + 8 + 12 + la + lb + ln;
    char *entry = malloc(size), *p = entry;
    *p++ = kind;
    memcpy(p, &at, 8), p += 8;
    memcpy(p, &la, 4), p += 4;
    memcpy(p, &lb, 4), p += 4;
    memcpy(p, &ln, 4), p += 4;
    memcpy(p, a, la), p += la;
    if (lb) memcpy(p, b, lb), p += lb;
    if (ln) memcpy(p, bytes, ln);
    REAL(write);
    if (real(record, entry, size) != (ssize_t)size) abort();
    free(entry);
}

void faults_note(const char *text) {
    pthread_mutex_lock(&lock);
    keep('!', text, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
}

/* Whether this call goes through; sets errno when not. Called with the lock held. */
static int passes(void) {
    if (!armed) return 1;
    calls++;
    if (how == COUNT) return 1;
    if (how == FAIL_ON ? calls < countdown : calls != countdown) return 1;
    if (how == DIE) kill(getpid(), SIGKILL);
    errno = number;
    return 0;
}

static size_t fits(int fd, int64_t at, size_t n) {
    if (room < 0) return n;
    struct stat seen;
    if (fstat(fd, &seen) != 0) return n;
    int64_t grows = at + (int64_t)n - seen.st_size;
    if (grows <= 0) return n;
    if (grows > (int64_t)n) grows = (int64_t)n;
    if (grows <= room) {
        room -= grows;
        return n;
    }
    size_t less = n - (size_t)(grows - room);
    room = 0;
    return less;
}

static int64_t end_or_place(int fd) {
    int flags = fcntl(fd, F_GETFL);
    struct stat seen;
    if (flags >= 0 && (flags & O_APPEND) && fstat(fd, &seen) == 0) return seen.st_size;
    return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *bytes, size_t n) {
    REAL(write);
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, bytes, n);
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    if (passes()) {
        int64_t at = end_or_place(fd);
        size_t some = fits(fd, at, n);
        if (n && !some) errno = ENOSPC;
        else if ((done = real(fd, bytes, some)) > 0) keep('w', path, NULL, at, bytes, (size_t)done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t put(int fd, const void *bytes, size_t n, off64_t at) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, bytes, n, at);
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    if (passes()) {
        size_t some = fits(fd, at, n);
        if (n && !some) errno = ENOSPC;
        else if ((done = real(fd, bytes, some, at)) > 0) keep('w', path, NULL, at, bytes, (size_t)done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) { return put(fd, bytes, n, at); }
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) { return put(fd, bytes, n, at); }

#define ON_FD(name, kind, given, call, at) \
    int name given { \
        REAL(name); \
        char path[PATH_MAX]; \
        if (!path_of(fd, path)) return real call; \
        pthread_mutex_lock(&lock); \
        int done = -1; \
        if (passes() && (done = real call) == 0) keep(kind, path, NULL, at, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }
ON_FD(fsync, 's', (int fd), (fd), 0)
ON_FD(fdatasync, 's', (int fd), (fd), 0)
ON_FD(ftruncate, 't', (int fd, off_t length), (fd, length), length)
ON_FD(ftruncate64, 't', (int fd, off64_t length), (fd, length), length)

#define ON_PATH(name, kind, given, call, first, second) \
    int name given { \
        REAL(name); \
        if (!ours(first)) return real call; \
        pthread_mutex_lock(&lock); \
        int done = -1; \
        if (passes() && (done = real call) == 0) keep(kind, first, second, 0, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }
ON_PATH(rename, 'r', (const char *a, const char *b), (a, b), a, b)
ON_PATH(unlink, 'u', (const char *a), (a), a, NULL)
ON_PATH(mkdir, 'm', (const char *a, mode_t mode), (a, mode), a, NULL)

static int opened(const char *name, const char *path, int flags, mode_t mode) {
    static int (*real)(const char *, int, ...);
    if (!real) real = dlsym(RTLD_NEXT, "open64");
    (void)name;
    if (!ours(path) || !(flags & (O_CREAT | O_WRONLY | O_RDWR))) return real(path, flags, mode);
    pthread_mutex_lock(&lock);
    int done = -1, fresh = access(path, F_OK) != 0;
    if (passes() && (done = real(path, flags, mode)) >= 0) {
        if (fresh) keep('c', path, NULL, 0, NULL, 0);
        else if (flags & O_TRUNC) keep('t', path, NULL, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return opened(#name, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
