/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What is known to lie in a box's /workspace, and what a program changed there.
 * Plain data: asking the box is collect.c's business, putting is put.c's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workspace_file {
	char *path; /* relative to /workspace */
	uint64_t size, ino;
	int64_t mtime_ns;
	bool changed; /* since it was known before */
};

struct workspace {
	struct workspace_file *items;
	size_t count, cap;
};

/* Nothing is known. */
void workspace_init(struct workspace *w);

/* Frees what is known; the struct is then as after workspace_init(). */
void workspace_finish(struct workspace *w);

/* Notes a file; a later note of the same path wins. */
void workspace_note(struct workspace *w, const char *path, uint64_t size,
		    uint64_t ino, int64_t mtime_ns);

/*
 * Replaces what is known by `now` (taken over, emptied): sorted by path, and
 * `changed` set where size, mtime or inode differ or the file is new. Returns
 * the number of changed files.
 */
size_t workspace_update(struct workspace *w, struct workspace *now);

/*
 * Whether `path` may name a file in /workspace: relative, UTF-8, no empty, "."
 * or ".." part, no control characters, parts up to 255 bytes. NULL if so, else
 * what is wrong, as the end of a sentence.
 */
const char *workspace_path_fault(const char *path);
