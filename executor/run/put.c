/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One item: make its folder, open it in the box, copy. The copy runs here, over
 * the descriptor that the box's init opened; no path is walked on this side but
 * the source's, and that without following links.
 */
#include "executor/run/put.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/jail/beneath.h"
#include "executor/run/run_box.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (1024 * 1024)

struct put {
	struct run_box *box;
	const struct put_list *list;
	put_done_fn *done;
	void *arg;
	size_t at;          /* item */
	char *folder;       /* made last */
	int target, source; /* of the item in work */
	uint64_t offset;
	struct loop_timer *kick;
	bool cancelled, waiting; /* waiting: a request is on its way */
};

struct put_item *put_list_add(struct put_list *l, const char *path)
{
	struct put_item *item;

	if (l->count == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 8;
		l->items = mem_resize(l->items, l->cap, sizeof(*l->items));
	}
	item = &l->items[l->count++];
	*item = (struct put_item){
		.path = mem_strdup(path),
		.mode = 0644,
		.fd = -1,
		.root = -1,
	};
	return item;
}

void put_list_finish(struct put_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		mem_free(l->items[i].path);
		mem_free(l->items[i].rel);
	}
	mem_free(l->items);
	memset(l, 0, sizeof(*l));
}

static void next_item(void *arg);
static void copy_piece(void *arg);

static void again(struct put *p, loop_fn *fn)
{
	p->kick = loop_at(run_box_loop(p->box), (struct deadline){ 0 }, fn, p);
}

static void finish(struct put *p, const struct err *err)
{
	fd_close(&p->target);
	fd_close(&p->source);
	p->done(p->arg, err);
}

static void fail(struct put *p, struct err *err)
{
	if (!*err->field && p->at < p->list->count)
		err_field(err, "file %s", p->list->items[p->at].path);
	finish(p, err);
}

static const struct put_item *item_of(const struct put *p)
{
	return &p->list->items[p->at];
}

/* How many bytes went over; 0 at the end; negative with *err. */
static ssize_t copy_data(struct put *p, struct err *err)
{
	const struct put_item *item = item_of(p);
	size_t left = item->len - p->offset;
	int rc;

	if (left > PIECE)
		left = PIECE;
	rc = fd_write_all(p->target, item->data + p->offset, left, err);
	return rc < 0 ? rc : (ssize_t)left;
}

static ssize_t copy_file(struct put *p, struct err *err)
{
	_auto_free_ char *piece = mem_zero(PIECE, 1);
	ssize_t n;
	int rc;

	do {
		n = pread(p->source, piece, PIECE, (off_t)p->offset);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(err, errno, "cannot read it");
	rc = fd_write_all(p->target, piece, (size_t)n, err);
	return rc < 0 ? rc : n;
}

static void note(struct put *p)
{
	struct stat st;

	if (fstat(p->target, &st) < 0)
		return;
	workspace_note(run_box_workspace(p->box), item_of(p)->path,
		       (uint64_t)st.st_size, st.st_ino,
		       st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec);
}

static void copy_piece(void *arg)
{
	struct put *p = arg;
	struct err err = { 0 };
	ssize_t n;

	p->kick = NULL;
	if (p->cancelled) {
		err_set(&err, ERR_CANCELLED, "cancelled");
		finish(p, &err);
		return;
	}
	n = p->source >= 0 ? copy_file(p, &err) : copy_data(p, &err);
	if (n < 0) {
		if (errno == ENOSPC || errno == EDQUOT)
			err_try(&err, "a higher --disk");
		fail(p, &err);
		return;
	}
	p->offset += (uint64_t)n;
	if (n == PIECE) {
		again(p, copy_piece);
		return;
	}
	note(p);
	fd_close(&p->target);
	fd_close(&p->source);
	p->at++;
	next_item(p);
}

/* Opens the source without following any link on the way. */
static int open_source(struct put *p, struct err *err)
{
	const struct put_item *item = item_of(p);
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	struct stat st;

	if (item->fd >= 0) {
		p->source = fcntl(item->fd, F_DUPFD_CLOEXEC, 0);
		return p->source < 0 ? err_sys(err, errno, "dup") : 0;
	}
	if (item->root < 0)
		return 0;
	p->source = beneath_open(item->root, item->rel, &how);
	if (p->source < 0)
		return err_sys(err, errno, "cannot open %s", item->rel);
	if (fstat(p->source, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(err, ERR_INVALID, "is no regular file any more");
	return 0;
}

static void on_open(void *arg, int fd, const struct err *err)
{
	struct put *p = arg;
	struct err why = { 0 };

	p->waiting = false;
	if (err) {
		why = *err;
		fail(p, &why);
		return;
	}
	p->target = fd;
	p->offset = 0;
	if (open_source(p, &why) < 0) {
		fail(p, &why);
		return;
	}
	copy_piece(p);
}

static void open_target(struct put *p)
{
	const struct put_item *item = item_of(p);
	struct backend_file f = {
		.path = item->path,
		.flags = O_WRONLY | O_CREAT | O_TRUNC,
		.mode = item->mode,
	};
	struct err err = { 0 };

	p->waiting = true;
	if (run_box_open(p->box, &f, on_open, p, &err) >= 0)
		return;
	p->waiting = false;
	fail(p, &err);
}

static void on_folder(void *arg, bool truncated, const struct err *err)
{
	struct put *p = arg;
	struct err why = { 0 };

	p->waiting = false;
	if (err) {
		why = *err;
		fail(p, &why);
		return;
	}
	open_target(p);
}

/* True when a folder has to be made first (and is being made). */
static bool make_folder(struct put *p)
{
	const char *path = item_of(p)->path;
	const char *slash = strrchr(path, '/');
	struct err err = { 0 };
	char *folder;

	if (!slash)
		return false;
	folder = mem_strndup(path, (size_t)(slash - path));
	if (str_equal(folder, p->folder)) {
		mem_free(folder);
		return false;
	}
	mem_free(p->folder);
	p->folder = folder;
	p->waiting = true;
	if (run_box_mkdir(p->box, folder, on_folder, p, &err) < 0) {
		p->waiting = false;
		fail(p, &err);
	}
	return true;
}

static void next_item(void *arg)
{
	struct put *p = arg;

	p->kick = NULL;
	if (p->at == p->list->count) {
		finish(p, NULL);
		return;
	}
	if (!make_folder(p))
		open_target(p);
}

int put_start(struct put **out, struct run_box *b, const struct put_list *list,
	      put_done_fn *done, void *arg, struct err *err)
{
	struct put *p = mem_new(struct put);

	p->box = b;
	p->list = list;
	p->done = done;
	p->arg = arg;
	p->target = p->source = -1;
	again(p, next_item);
	*out = p;
	return 0;
}

void put_cancel(struct put *p)
{
	p->cancelled = true;
}

void put_destroy(struct put *p)
{
	if (!p)
		return;
	loop_timer_cancel(p->kick);
	fd_close(&p->target);
	fd_close(&p->source);
	mem_free(p->folder);
	mem_free(p);
}
