/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * File descriptors: close-on-exec at birth, whole reads and writes, sealed
 * memfds, and packets with descriptors over SOCK_SEQPACKET.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* For cleanup attributes: closes *fd if it is >= 0. `_auto_close_ int fd = -1;` */
void fd_cleanup(int *fd);
#define _auto_close_ __attribute__((cleanup(fd_cleanup)))

/* Moves the descriptor out of a variable, leaving -1. */
int fd_take(int *fd);

/* Closes if >= 0 and sets -1; keeps errno. */
void fd_close(int *fd);

/* A close-on-exec pipe; ends[0] reads. Both ends blocking. */
int fd_pipe(int ends[2], struct err *err);

/* A close-on-exec SOCK_SEQPACKET pair. */
int fd_socketpair(int ends[2], struct err *err);

/* O_NONBLOCK on or off. */
int fd_set_nonblock(int fd, bool on, struct err *err);

/* Writes all of it (blocking fd), retrying EINTR; 0 or -ERR_SYSTEM. */
int fd_write_all(int fd, const void *data, size_t len, struct err *err);

/* Reads until `len` bytes or end of file; bytes read, or -ERR_SYSTEM. */
ssize_t fd_read_all(int fd, void *data, size_t len, struct err *err);

struct buf;

/* Appends a whole file to `out`; -ERR_TOO_LARGE when it exceeds out->max. */
int fd_slurp(int fd, struct buf *out, struct err *err);

/* The same by path, relative to dirfd (or AT_FDCWD); opened O_RDONLY|O_CLOEXEC. */
int fd_slurp_path(int dirfd, const char *path, struct buf *out,
		  struct err *err);

/* Sealed read-only memfd that holds `data`; the descriptor, or -ERR_SYSTEM. */
int fd_memfd(const char *name, const void *data, size_t len, struct err *err);

#define FD_PACKET_MAX 4096
#define FD_PACKET_FDS 16

/*
 * Sends one packet with `nfds` descriptors (borrowed; stay open here).
 * Never raises SIGPIPE. Blocking or not as the socket is; EAGAIN is ERR_BUSY.
 */
int fd_send(int sock, const void *data, size_t len, const int *fds,
	    unsigned nfds, struct err *err);

/*
 * Receives one packet of at most `size` bytes and up to FD_PACKET_FDS
 * descriptors (close-on-exec, owned by the caller) into fds/nfds. Returns its
 * length; 0 at end of file; -ERR_BUSY when none is there (non-blocking);
 * -ERR_INVALID, with all descriptors closed, when it was cut.
 */
ssize_t fd_recv(int sock, void *data, size_t size, int fds[FD_PACKET_FDS],
		unsigned *nfds, struct err *err);
