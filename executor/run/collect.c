/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One listing, then one open per changed file, in order. A file that cannot be
 * opened (removed meanwhile, a lease on it) is only listed.
 */
#include "executor/run/collect.h"

#include "executor/base/mem.h"
#include "executor/run/run_box.h"

#include <fcntl.h>

struct collect {
	struct run_box *box;
	struct result *result;
	struct collect_events ev;
	struct workspace now;
	size_t at;
	uint64_t bytes; /* opened so far */
	bool cancelled;
};

static void open_next(struct collect *c);

static void on_file(void *arg, int fd, const struct err *err)
{
	struct collect *c = arg;
	const struct result_file *f = &c->result->files[c->at++];

	if (fd >= 0)
		c->ev.file(c->ev.arg, f->path, f->size, fd);
	open_next(c);
}

/* A file with holes is larger than what it takes of the box's disk: all of
 * them together give no more than the disk could have held. */
static bool fits(struct collect *c, uint64_t size)
{
	const struct broker_box_info *info = run_box_info(c->box);
	uint64_t most = info->limits.disk_bytes;

	/* 0: a place without such a limit */
	if (most && (size > most || c->bytes > most - size))
		return false;
	c->bytes += size;
	return true;
}

static void open_next(struct collect *c)
{
	struct err err = { 0 };

	for (; c->ev.file && !c->cancelled && c->at < c->result->file_count;
	     c->at++) {
		struct backend_file f = {
			.path = c->result->files[c->at].path,
			.flags = O_RDONLY,
		};

		if (!fits(c, c->result->files[c->at].size))
			c->result->files_incomplete = true;
		else if (run_box_open(c->box, &f, on_file, c, &err) >= 0)
			return;
	}
	c->ev.done(c->ev.arg, NULL);
}

static void on_entry(void *arg, const struct broker_entry *e)
{
	struct collect *c = arg;

	if (e->type == 'f')
		workspace_note(&c->now, e->path, e->size, e->ino, e->mtime_ns);
}

static void take_changed(struct collect *c, size_t changed)
{
	const struct workspace *w = run_box_workspace(c->box);
	struct result *r = c->result;

	r->files = mem_zero(changed + 1, sizeof(*r->files));
	for (size_t i = 0; i < w->count; i++) {
		if (!w->items[i].changed)
			continue;
		r->files[r->file_count].path = mem_strdup(w->items[i].path);
		r->files[r->file_count++].size = w->items[i].size;
	}
}

static void on_listed(void *arg, bool truncated, const struct err *err)
{
	struct collect *c = arg;

	if (err) {
		c->result->files_incomplete = true;
		c->ev.done(c->ev.arg, err);
		return;
	}
	c->result->files_incomplete = truncated;
	take_changed(c, workspace_update(run_box_workspace(c->box), &c->now));
	open_next(c);
}

int collect_start(struct collect **out, struct run_box *b, struct result *r,
		  const struct collect_events *ev, struct err *err)
{
	struct collect *c = mem_new(struct collect);
	int rc;

	c->box = b;
	c->result = r;
	c->ev = *ev;
	workspace_init(&c->now);
	rc = run_box_list(b, on_entry, on_listed, c, err);
	if (rc < 0) {
		collect_destroy(c);
		return rc;
	}
	*out = c;
	return 0;
}

void collect_cancel(struct collect *c)
{
	c->cancelled = true;
}

void collect_destroy(struct collect *c)
{
	if (!c)
		return;
	workspace_finish(&c->now);
	mem_free(c);
}
