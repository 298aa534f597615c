/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passes a box's events to its user of the moment. Decides nothing.
 */
#include "executor/run/run_box.h"

#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/profile/profile.h"

enum run_box_state { BOX_MAKING, BOX_READY, BOX_GONE };

struct run_box {
	struct run_box_options options;
	struct backend_box *handle;
	enum run_box_state state;
	struct broker_box_info info;
	struct err why; /* of BOX_GONE */
	struct run_box_user user;
	bool used;
	struct loop_timer *kick; /* `ready` for a late user */
	struct workspace workspace;
};

static void tell_ready(void *arg)
{
	struct run_box *b = arg;

	b->kick = NULL;
	if (b->used && b->user.ready)
		b->user.ready(b->user.arg,
			      b->state == BOX_GONE ? &b->why : NULL);
}

static void on_made(void *arg, const struct broker_box_info *info,
		    const struct err *err)
{
	struct run_box *b = arg;

	if (err) {
		b->state = BOX_GONE;
		b->why = *err;
	} else {
		b->state = BOX_READY;
		b->info = *info;
	}
	tell_ready(b);
}

static void on_started(void *arg, const struct err *err)
{
	struct run_box *b = arg;

	if (b->used && b->user.started)
		b->user.started(b->user.arg, err);
}

static void on_ended(void *arg, const struct broker_end *end)
{
	struct run_box *b = arg;

	if (b->used && b->user.ended)
		b->user.ended(b->user.arg, end);
}

static void on_lost(void *arg, const struct err *err)
{
	struct run_box *b = arg;
	bool making = b->state == BOX_MAKING;

	b->state = BOX_GONE;
	b->why = *err;
	if (making)
		tell_ready(b);
	else if (b->used && b->user.lost)
		b->user.lost(b->user.arg, err);
}

int run_box_create(struct run_box **out, const struct run_box_options *o,
		   struct err *err)
{
	struct run_box *b = mem_new(struct run_box);
	struct broker_box_events events = {
		.arg = b,
		.made = on_made,
		.started = on_started,
		.ended = on_ended,
		.lost = on_lost,
	};
	struct backend_wish wish = {
		.profile = o->profile->name,
		.limits = &o->limits,
		.tier = o->tier,
		.no_network = !o->profile->network.open,
		.events = &events,
	};
	int rc;

	b->options = *o;
	workspace_init(&b->workspace);
	rc = o->backend->make(&b->handle, o->conn, &wish, err);
	if (rc < 0) {
		run_box_destroy(b);
		return rc;
	}
	*out = b;
	return 0;
}

void run_box_destroy(struct run_box *b)
{
	if (!b)
		return;
	loop_timer_cancel(b->kick);
	if (b->handle)
		b->options.backend->end(b->handle);
	workspace_finish(&b->workspace);
	mem_free(b);
}

int run_box_use(struct run_box *b, const struct run_box_user *user,
		struct err *err)
{
	if (b->used) {
		err_set(err, ERR_CONFLICT, "a program is running in this box");
		return err_try(err, "wait for its end");
	}
	b->used = true;
	b->user = *user;
	if (b->state != BOX_MAKING)
		b->kick = loop_at(b->options.loop, (struct deadline){ 0 },
				  tell_ready, b);
	return 0;
}

void run_box_release(struct run_box *b)
{
	loop_timer_cancel(mem_take(b->kick));
	b->used = false;
	b->user = (struct run_box_user){ 0 };
}

bool run_box_used(const struct run_box *b)
{
	return b->used;
}

const struct broker_box_info *run_box_info(const struct run_box *b)
{
	return &b->info;
}

const struct run_box_options *run_box_options(const struct run_box *b)
{
	return &b->options;
}

struct loop *run_box_loop(const struct run_box *b)
{
	return b->options.loop;
}

struct workspace *run_box_workspace(struct run_box *b)
{
	return &b->workspace;
}

/* After its end every request fails here: no backend must be asked again. */
static int alive(const struct run_box *b, struct err *err)
{
	if (b->state == BOX_READY)
		return 0;
	if (b->state == BOX_MAKING)
		return err_set(err, ERR_CONFLICT, "the box is not ready yet");
	if (err)
		*err = b->why;
	return b->why.code ? -(int)b->why.code : -ERR_UNAVAILABLE;
}

int run_box_start(struct run_box *b, const struct broker_program *p,
		  struct err *err)
{
	int rc = alive(b, err);

	return rc < 0 ? rc : b->options.backend->start(b->handle, p, err);
}

int run_box_kill(struct run_box *b, enum reason why, struct err *err)
{
	int rc = alive(b, err);

	return rc < 0 ? rc : b->options.backend->kill(b->handle, why, err);
}

int run_box_open(struct run_box *b, const struct backend_file *f,
		 broker_file_fn *fn, void *arg, struct err *err)
{
	int rc = alive(b, err);

	if (rc < 0)
		return rc;
	return b->options.backend->file_open(b->handle, f, fn, arg, err);
}

int run_box_list(struct run_box *b, broker_entry_fn *entry,
		 broker_done_fn *done, void *arg, struct err *err)
{
	int rc = alive(b, err);

	if (rc < 0)
		return rc;
	return b->options.backend->file_list(b->handle, "", entry, done, arg,
					     err);
}

int run_box_mkdir(struct run_box *b, const char *path, broker_done_fn *done,
		  void *arg, struct err *err)
{
	int rc = alive(b, err);

	if (rc < 0)
		return rc;
	return b->options.backend->file_mkdir(b->handle, path, done, arg, err);
}
