/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Opening a path beneath a folder, by openat2 or, where there is none, by hand. */
struct open_how;

/*
 * openat2(base, path, how). Where the kernel or an outer filter has no such call
 * the path is walked part by part: then no link is followed anywhere and ".."
 * is EXDEV, which is stricter than any `how`; an absolute path begins at the
 * root, as ever. A descriptor, or -1 and errno.
 */
int beneath_open(int base, const char *path, const struct open_how *how);
