/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sparse file of a terabyte costs the box nothing and the host everything, so
 * the bytes of one block are counted against the box's disk limit here too.
 */
#include "agentlib/runner/jail_files.h"

#include "agentlib/fiber/offload.h"
#include "agentlib/runner/host_write.h"
#include "executor/base/mem.h"
#include <sys/stat.h>
#include <unistd.h>

#define WAITING_MAX 128
#define FAULTS_MAX 8

void jail_files_init(struct jail_files *f, const struct host_write *dest,
		     uint64_t max)
{
	*f = (struct jail_files){ .dest = dest, .left = max };
	buf_init(&f->faults, 16 * 1024);
}

static void fault(struct jail_files *f, const struct err *err)
{
	f->fault_count++;
	if (f->fault_count <= FAULTS_MAX)
		buf_printf(&f->faults, "[coop: not copied: %s]\n", err->text);
	else if (f->fault_count == FAULTS_MAX + 1)
		buf_puts(&f->faults, "[coop: more files were not copied]\n");
}

static void copy(struct jail_files *f, const struct jail_file *one)
{
	struct err err = { 0 };
	struct stat st;
	uint64_t size;

	if (fstat(one->fd, &st) < 0)
		return;
	size = (uint64_t)st.st_size;
	if (size > f->left) {
		err_set(&err, ERR_TOO_LARGE,
			"%s: the files of this block exceed the disk limit",
			one->path);
		fault(f, &err);
		return;
	}
	if (host_write_fd(f->dest, one->path, one->fd, size, &err) < 0)
		fault(f, &err);
	else
		f->left -= size;
}

/* Copies and closes the first `n`. */
static void copy_first(struct jail_files *f, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		copy(f, &f->items[i]);
		close(f->items[i].fd);
		mem_free(f->items[i].path);
	}
	f->count -= n;
	for (size_t i = 0; i < f->count; i++)
		f->items[i] = f->items[i + n];
}

void jail_files_add(struct jail_files *f, const char *path, int fd)
{
	if (f->count >= WAITING_MAX)
		copy_first(f, WAITING_MAX / 2);
	if (f->count == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 16;
		f->items = mem_resize(f->items, f->cap, sizeof(*f->items));
	}
	f->items[f->count++] = (struct jail_file){ .path = mem_strdup(path),
						   .fd = fd };
}

static int copy_all(void *arg, struct err *err)
{
	struct jail_files *f = arg;

	(void)err;
	copy_first(f, f->count);
	return 0;
}

int jail_files_copy(struct jail_files *f, struct err *err)
{
	if (f->count == 0)
		return 0;
	return fiber_offload("copying files out", copy_all, f, err);
}

void jail_files_finish(struct jail_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		close(f->items[i].fd);
		mem_free(f->items[i].path);
	}
	mem_free(f->items);
	buf_finish(&f->faults);
	*f = (struct jail_files){ 0 };
}
