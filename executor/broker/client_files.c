/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of a box, asked of its init one after the other. Init shares its
 * folders with user code, so nothing it says is believed further than a fault
 * of the box itself: a descriptor is looked at before it is given on.
 */
#include "executor/broker/client_box.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>

struct file_request {
	struct file_request *next;
	enum wire_op op;
	struct init_open open;
	char *path;
	broker_file_fn *opened;
	broker_entry_fn *entry;
	broker_done_fn *done;
	void *arg;
	uint64_t entries;
	bool truncated;
};

static void free_request(struct file_request *r)
{
	mem_free(r->path);
	mem_free(r);
}

static void answer(struct file_request *r, int fd, const struct err *err)
{
	if (r->op == INIT_OPEN)
		r->opened(r->arg, fd, err);
	else
		r->done(r->arg, r->truncated, err);
	free_request(r);
}

static struct file_request *take_first(struct broker_box *x)
{
	struct file_request *r = x->first;

	x->first = r->next;
	if (!x->first)
		x->last = &x->first;
	return r;
}

static int send_first(struct broker_box *x, struct err *err)
{
	struct file_request *r = x->first;
	struct wire_out out = {
		.op = r->op,
		.seq = x->number,
		.body = r->op == INIT_OPEN || r->op == INIT_MKDIR ? &r->open
								  : NULL,
		.path = r->path,
	};

	return wire_send(x->control, &out, err);
}

/* Init is of no use any more: everything that waits fails. */
static void broken(struct broker_box *x, const struct err *why)
{
	struct file_request *all = x->first;
	struct err kept = *why;

	loop_unwatch(x->watch);
	x->watch = NULL;
	fd_close(&x->control);
	x->first = NULL;
	x->last = &x->first;
	/* x may be gone after the first answer; the list is ours now */
	while (all) {
		struct file_request *r = all;

		all = r->next;
		answer(r, -1, &kept);
	}
}

static int file_error(const char *path, int errno_value, struct err *err)
{
	switch (errno_value) {
	case ENOENT:
	case ENOTDIR:
		return err_set(err, ERR_NOT_FOUND, "%.200s: no such file",
			       path);
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
	case ENAMETOOLONG:
		return err_set(err, ERR_TOO_LARGE, "%.200s: %s", path,
			       strerror(errno_value));
	case EEXIST:
	case ENOTEMPTY:
	case EISDIR:
	case EAGAIN: /* a lease of user code is on it */
		return err_set(err, ERR_CONFLICT, "%.200s: %s", path,
			       strerror(errno_value));
	default:
		/* EXDEV, ELOOP: a path that leaves its folder or is a link;
		 * EINVAL, ENXIO: not a regular file */
		return err_set(err, ERR_FORBIDDEN, "%.200s: %s", path,
			       strerror(errno_value));
	}
}

/* Only a regular file of this box's own tmpfs. */
static int verify(const struct broker_box *x, int fd, const char *path,
		  struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_dev != x->device)
		return err_set(err, ERR_FORBIDDEN,
			       "%.200s is no file of this box", path);
	return 0;
}

static void on_answer(struct broker_box *x, struct wire_packet *p)
{
	struct file_request *r = take_first(x);
	struct err err = { 0 };
	int fd = -1;

	if (p->done.errno_value) {
		file_error(r->path, p->done.errno_value, &err);
	} else if (r->op == INIT_OPEN) {
		if (p->nfds != 1)
			err_set(&err, ERR_INTERNAL, "init gave no file");
		else if (verify(x, p->fds[0], r->path, &err) == 0)
			fd = fd_take(&p->fds[0]);
	}
	r->truncated |= p->done.truncated != 0;
	wire_drop(p);
	/* the next one goes out before the callback, which may end the box */
	if (x->first) /* failing: end of file is about to tell everybody */
		send_first(x, NULL);
	answer(r, fd, err.code ? &err : NULL);
}

static void on_entry(struct broker_box *x, const struct wire_packet *p)
{
	struct file_request *r = x->first;
	struct broker_entry e = {
		.path = p->path,
		.type = (char)p->entry.type,
		.size = p->entry.size,
		.ino = p->entry.ino,
		.mtime_ns = p->entry.mtime_ns,
		.mode = p->entry.mode,
	};

	/* files can come and go while they are listed; there is an end */
	if (r->entries++ > x->limits.files + 16)
		r->truncated = true;
	else if (r->entry)
		r->entry(r->arg, &e);
}

static bool expected(const struct file_request *r, int op)
{
	if (!r)
		return false;
	if (op == INIT_ENTRY)
		return r->op == INIT_LIST;
	return op == (r->op == INIT_OPEN ? INIT_OPENED : INIT_DONE);
}

static void on_init(void *arg, uint32_t events)
{
	struct broker_box *x = arg;
	struct wire_packet *p = x->packet;
	struct err err = { 0 };
	int op = wire_recv(x->control, p, &err);

	if (op == -ERR_BUSY)
		return;
	if (op <= 0 || !expected(x->first, op)) {
		if (op > 0)
			wire_drop(p);
		err_set(&err, ERR_UNAVAILABLE, "the box is gone");
		broken(x, &err);
		return;
	}
	if (op == INIT_ENTRY)
		on_entry(x, p);
	else
		on_answer(x, p);
}

int client_files_begin(struct broker_box *x, struct loop *l, int fd,
		       struct err *err)
{
	int rc = fd_set_nonblock(fd, true, err);

	x->control = fd;
	if (rc)
		return rc;
	x->packet = mem_new(struct wire_packet);
	x->watch = loop_watch(l, fd, EPOLLIN, on_init, x, err);
	return x->watch ? 0 : -ERR_SYSTEM;
}

void client_files_end(struct broker_box *x)
{
	loop_unwatch(x->watch);
	fd_close(&x->control);
	while (x->first)
		free_request(take_first(x));
	mem_free(x->packet);
}

/* Queues a copy of `r`; the first in the queue is sent. */
static int ask(struct broker_box *x, const struct file_request *r,
	       const char *path, struct err *err)
{
	struct file_request *copy;

	if (x->control < 0)
		return err_set(err, ERR_UNAVAILABLE, "the box is gone");
	if (strlen(path) > WIRE_PATH_MAX)
		return err_set(err, ERR_TOO_LARGE, "the path is too long");
	copy = mem_copy(r, sizeof(*r));
	copy->path = mem_strdup(path);
	*x->last = copy;
	x->last = &copy->next;
	if (x->first != copy)
		return 0;
	int rc = send_first(x, err);
	if (rc)
		free_request(take_first(x));
	return rc;
}

int broker_file_open(struct broker_box *x, const struct broker_open *o,
		     broker_file_fn *fn, void *arg, struct err *err)
{
	struct file_request r = {
		.op = INIT_OPEN,
		.open = { o->flags, o->mode },
		.opened = fn,
		.arg = arg,
	};

	return ask(x, &r, o->path, err);
}

int broker_file_list(struct broker_box *x, const char *dir,
		     broker_entry_fn *entry, broker_done_fn *done, void *arg,
		     struct err *err)
{
	struct file_request r = {
		.op = INIT_LIST,
		.entry = entry,
		.done = done,
		.arg = arg,
	};

	return ask(x, &r, dir, err);
}

int broker_file_mkdir(struct broker_box *x, const char *path,
		      broker_done_fn *done, void *arg, struct err *err)
{
	struct file_request r = {
		.op = INIT_MKDIR,
		.open = { 0, 0755 },
		.done = done,
		.arg = arg,
	};

	return ask(x, &r, path, err);
}

int broker_file_remove(struct broker_box *x, const char *path,
		       broker_done_fn *done, void *arg, struct err *err)
{
	struct file_request r = {
		.op = INIT_REMOVE,
		.done = done,
		.arg = arg,
	};

	return ask(x, &r, path, err);
}
