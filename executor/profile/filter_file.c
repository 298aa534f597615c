/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters on disk: 32 bytes of head, then the instructions. The head carries a
 * sum over the profile's system calls and over the built-in set, so a file that
 * an edited profile has left behind is never used.
 */
#include "executor/profile/filter.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/profile/hostile.h"
#include "executor/profile/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (64 * 1024)
#define FILTER_REVISION 1 /* raise when filter_build() makes other code */

struct head {
	char magic[8];
	uint64_t calls; /* sum over what it was made from */
	uint64_t code;  /* sum over the instructions */
	uint32_t bytes;
	uint32_t machine; /* what it was made for */
};

#if defined(__x86_64__)
#define MACHINE 62 /* as in ELF */
#elif defined(__aarch64__)
#define MACHINE 183
#else
#define MACHINE 0
#endif

/* FNV-1a: against mistakes, not against attackers, who could write the file. */
static uint64_t sum(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3ULL;
	return h;
}

static uint64_t sum_call(uint64_t h, const char *name, unsigned char verdict)
{
	h = sum(h, name, strlen(name) + 1);
	return sum(h, &verdict, 1);
}

static struct head make_head(const struct filter *f, const struct profile *p)
{
	struct head h = { .magic = "COOPBPF", .machine = MACHINE };
	unsigned char revision = FILTER_REVISION;

	h.calls = sum(0xcbf29ce484222325ULL, &revision, 1);
	for (size_t i = 0; i < p->syscall_count; i++)
		h.calls = sum_call(h.calls, p->syscalls[i].name,
				   (unsigned char)p->syscalls[i].verdict);
	for (const struct hostile_row *r = hostile_rows; r->name; r++)
		h.calls = sum_call(h.calls, r->name, (unsigned char)r->verdict);
	h.bytes = f->len * (uint32_t)sizeof(struct sock_filter);
	h.code = sum(0xcbf29ce484222325ULL, f->code, h.bytes);
	return h;
}

static int damaged(const char *path, struct err *err)
{
	err_set(err, ERR_INVALID, "the filter file is damaged");
	err_try(err, "remove it, or build and install again");
	return err_field(err, "%s", path);
}

/* 1: it fits; 0: made from something else. */
static int take(struct filter *out, const struct profile *p, const char *path,
		const struct buf *file, struct err *err)
{
	struct filter got = { 0 };
	struct head have, want;

	if (file->len < sizeof(have))
		return damaged(path, err);
	memcpy(&have, file->data, sizeof(have));
	got.code = file->data + sizeof(have);
	got.len = (uint16_t)((file->len - sizeof(have)) /
			     sizeof(struct sock_filter));
	want = make_head(&got, p);
	if (memcmp(have.magic, want.magic, sizeof(have.magic)) || !got.len ||
	    have.bytes != file->len - sizeof(have) ||
	    have.bytes != want.bytes || have.code != want.code)
		return damaged(path, err);
	if (have.calls != want.calls || have.machine != want.machine)
		return 0;
	out->code = mem_copy(got.code, want.bytes);
	out->len = got.len;
	return 1;
}

int filter_load(struct filter *out, const char *share, const struct profile *p,
		struct err *err)
{
	_auto_free_ char *path = mem_printf("%s/filters/%s.bpf", share,
					    p->name);
	struct err local = { 0 };
	struct buf file;
	int rc;

	buf_init(&file, FILE_MAX);
	rc = fd_slurp_path(AT_FDCWD, path, &file, &local);
	if (rc == -ERR_NOT_FOUND)
		rc = 0;
	else if (rc >= 0)
		rc = take(out, p, path, &file, &local);
	buf_finish(&file);
	if (rc < 0 && err)
		*err = local;
	if (rc != 0)
		return rc < 0 ? rc : 0;
	return filter_build(out, p, err);
}

static int write_file(int fd, const struct filter *f, const struct profile *p,
		      struct err *err)
{
	struct head head = make_head(f, p);
	int rc = fd_write_all(fd, &head, sizeof(head), err);

	if (rc >= 0)
		rc = fd_write_all(fd, f->code, head.bytes, err);
	if (rc >= 0 && fchmod(fd, 0644) < 0)
		rc = err_sys(err, errno, "cannot set its mode");
	return rc;
}

int filter_store(const struct filter *f, const struct profile *p,
		 const char *path, struct err *err)
{
	_auto_free_ char *temp = mem_printf("%s.%d", path, (int)getpid());
	_auto_close_ int fd =
		open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc;

	if (fd < 0)
		return err_sys(err, errno, "cannot make %s", temp);
	rc = write_file(fd, f, p, err);
	if (rc >= 0 && rename(temp, path) < 0)
		rc = err_sys(err, errno, "cannot make %s", path);
	if (rc < 0)
		unlink(temp);
	return rc;
}
