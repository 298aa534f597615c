/* SPDX-License-Identifier: Apache-2.0 */
/* Known files: a list that is sorted when two of them are compared. */
#include "executor/run/workspace.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <stdlib.h>
#include <string.h>

#define PATH_LENGTH_MAX 2048 /* a packet to init holds it */

void workspace_init(struct workspace *w)
{
	memset(w, 0, sizeof(*w));
}

void workspace_finish(struct workspace *w)
{
	for (size_t i = 0; i < w->count; i++)
		mem_free(w->items[i].path);
	mem_free(w->items);
	workspace_init(w);
}

void workspace_note(struct workspace *w, const char *path, uint64_t size,
		    uint64_t ino, int64_t mtime_ns)
{
	if (w->count == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 16;
		w->items = mem_resize(w->items, w->cap, sizeof(*w->items));
	}
	w->items[w->count++] = (struct workspace_file){
		.path = mem_strdup(path),
		.size = size,
		.ino = ino,
		.mtime_ns = mtime_ns,
	};
}

/* By path; of equal paths the last noted stays last, as `ino` cannot tell. */
static int by_path(const void *a, const void *b)
{
	const struct workspace_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* A stable sort by path, keeping the last of equals: insertion of runs would
 * do, but lists are long and mostly sorted never; so sort pointers. */
static int by_path_then_place(const void *a, const void *b)
{
	const struct workspace_file *const *x = a, *const *y = b;
	int c = by_path(*x, *y);

	return c ? c : (*x > *y) - (*x < *y);
}

static void sort_unique(struct workspace *w)
{
	struct workspace_file **order = mem_zero(w->count + 1, sizeof(*order));
	struct workspace_file *items = mem_zero(w->count + 1, sizeof(*items));
	size_t n = 0;

	for (size_t i = 0; i < w->count; i++)
		order[i] = &w->items[i];
	qsort(order, w->count, sizeof(*order), by_path_then_place);
	for (size_t i = 0; i < w->count; i++) {
		if (i + 1 < w->count && by_path(order[i], order[i + 1]) == 0)
			mem_free(order[i]->path);
		else
			items[n++] = *order[i];
	}
	mem_free(order);
	mem_free(w->items);
	w->items = items;
	w->cap = w->count + 1;
	w->count = n;
}

static bool differs(const struct workspace_file *a,
		    const struct workspace_file *b)
{
	return a->size != b->size || a->ino != b->ino ||
	       a->mtime_ns != b->mtime_ns;
}

size_t workspace_update(struct workspace *w, struct workspace *now)
{
	size_t changed = 0, old = 0;

	sort_unique(w);
	sort_unique(now);
	for (size_t i = 0; i < now->count; i++) {
		struct workspace_file *f = &now->items[i];

		while (old < w->count && by_path(&w->items[old], f) < 0)
			old++;
		f->changed = old == w->count ||
			     by_path(&w->items[old], f) != 0 ||
			     differs(&w->items[old], f);
		changed += f->changed;
	}
	workspace_finish(w);
	*w = *now;
	workspace_init(now);
	return changed;
}

static const char *part_fault(const char *part, size_t len)
{
	if (!len)
		return "has an empty part";
	if (len > 255)
		return "has a part over 255 bytes";
	if (len == 1 && *part == '.')
		return "has a part \".\"";
	if (len == 2 && part[0] == '.' && part[1] == '.')
		return "has a part \"..\"";
	return NULL;
}

const char *workspace_path_fault(const char *path)
{
	size_t len = strlen(path);

	if (!len)
		return "is empty";
	if (*path == '/')
		return "is absolute; it must be relative to /workspace";
	if (len > PATH_LENGTH_MAX)
		return "is too long";
	if (!str_utf8_valid(path, len))
		return "is not UTF-8";
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return "has a control character";
	while (path) {
		const char *end = strchr(path, '/');
		const char *fault;

		fault = part_fault(path,
				   end ? (size_t)(end - path) : strlen(path));
		if (fault)
			return fault;
		path = end ? end + 1 : NULL;
	}
	return NULL;
}
