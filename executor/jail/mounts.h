/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Mounts, by the new mount calls where a path could be raced or a flag lost.
 * Every source is resolved inside the host's old root by descriptor, so no
 * symbolic link of the host leads into the new root or back.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stdint.h>

/* Makes the whole tree private. 0 or -ERR_SYSTEM, as all below. */
int mounts_private(const char *path, struct err *err);

/*
 * Mounts a small tmpfs on `stage` and pivots into it; the host's tree is at
 * `host_at` then. *host_fd gets an O_PATH descriptor of it, owned by the caller.
 */
int mounts_newroot(const char *stage, const char *host_at, uint64_t bytes,
		   uint64_t inodes, int *host_fd, struct err *err);

/* A folder (existing is fine), a file with content, a symbolic link. */
int mounts_dir(const char *path, unsigned mode, struct err *err);
int mounts_file(const char *path, const char *content, struct err *err);
int mounts_link(const char *path, const char *target, struct err *err);

/*
 * Makes `path` of the host visible at the same path, read-only, nosuid, nodev,
 * with what is mounted below it. Folders above the place are made. Absent:
 * 0 if optional, else -ERR_NOT_FOUND.
 */
int mounts_bind(int host_fd, const char *path, bool optional, struct err *err);

/* The same for one device node: read-only, nosuid, noexec. */
int mounts_device(int host_fd, const char *path, struct err *err);

/* Detaches the tree at `path` and removes the folder. */
int mounts_leave(const char *path, struct err *err);

/* Read-only, nosuid, nodev, of one mount. */
int mounts_readonly(const char *path, struct err *err);

/* A proc: plain (options NULL), or read-only with options. */
int mounts_proc(const char *path, const char *options, struct err *err);

/* One tmpfs of the box, owned by `id`, nosuid, nodev. */
int mounts_store(const char *path, uint64_t bytes, uint64_t inodes, unsigned id,
		 struct err *err);

/* Makes folder `from` in the store, owned by `id`, and shows it at `path`. */
int mounts_share(const char *path, const char *from, unsigned mode, unsigned id,
		 struct err *err);

/* Takes away the store's own mount; the shares stay. */
int mounts_seal(const char *path, struct err *err);

/* Covers a file by /dev/null; absent is fine. */
int mounts_mask(const char *path, struct err *err);
