/* SPDX-License-Identifier: Apache-2.0 */
/*
 * <coop/executor.h> over the inside: a struct coop is a loop and the
 * connections to backends that were needed so far. Holds no rules of its own.
 */
#include "executor/include/executor.h"

#include "executor/backend/backends.h"
#include "executor/base/buf.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/language_file.h"
#include "executor/profile/profile.h"
#include "executor/run/run_box.h"
#include "executor/run/describe.h"
#include "executor/run/door_convert.h"
#include "executor/run/places.h"
#include "executor/run/request.h"
#include "executor/run/run.h"

#include <string.h>

#define API __attribute__((visibility("default")))
#define BACKENDS_MAX 16
#define TIER_DEFAULT 2

struct coop {
	struct loop *loop;
	char *share, *libexec;
	struct backend_conn *conns[BACKENDS_MAX]; /* as in `backends` */
	struct coop_box *boxes;                   /* list by `next` */
};

struct coop_run {
	struct coop_box *box;
	struct run *run;
	struct coop_events ev;
};

struct coop_box {
	struct coop *coop;
	struct coop_box *next;
	struct profile *profile;
	struct limits limits;
	struct run_box *box;
	struct coop_run *run; /* NULL: idle */
	bool one_shot;        /* ends with its run */
	unsigned calling;     /* inside `output` or `file` */
	struct loop_timer *closing;
};

API int coop_open(struct coop **out, const struct coop_options *o,
		  struct coop_err *err)
{
	struct coop *c = mem_new(struct coop);
	struct err why = { 0 };

	c->loop = loop_create(&why);
	if (c->loop)
		c->share = places_share(o ? o->share : NULL, &why);
	if (c->share)
		c->libexec = places_libexec(o ? o->libexec : NULL, &why);
	if (!c->libexec) {
		coop_close(c);
		return door_err(err, &why);
	}
	*out = c;
	return 0;
}

API void coop_close(struct coop *c)
{
	if (!c)
		return;
	while (c->boxes)
		coop_box_close(c->boxes);
	for (size_t i = 0; i < BACKENDS_MAX; i++)
		if (c->conns[i])
			backends[i]->close(c->conns[i]);
	loop_destroy(c->loop);
	mem_free(c->share);
	mem_free(c->libexec);
	mem_free(c);
}

API int coop_fd(const struct coop *c)
{
	return loop_pollfd(c->loop);
}

API int coop_step(struct coop *c, int timeout_ms, struct coop_err *err)
{
	struct deadline d = DEADLINE_NEVER;
	struct err why = { 0 };

	if (timeout_ms >= 0)
		d = deadline_in_ms((uint64_t)timeout_ms);
	if (loop_step(c->loop, d, &why) < 0)
		return door_err(err, &why);
	return 0;
}

API int coop_wait(struct coop *c, const bool *flag, struct coop_err *err)
{
	struct err why = { 0 };

	if (loop_until(c->loop, flag, DEADLINE_NEVER, &why) < 0)
		return door_err(err, &why);
	return 0;
}

static int connect_backend(struct coop *c, const struct backend *b,
			   struct backend_conn **out, struct err *err)
{
	struct backend_options o = { c->libexec, c->share };
	size_t i = 0;
	int rc;

	while (backends[i] != b)
		i++;
	if (!c->conns[i]) {
		rc = b->open(&c->conns[i], c->loop, &o, err);
		if (rc < 0)
			return rc;
	}
	*out = c->conns[i];
	return 0;
}

/* A request takes the profile's network or none; it never opens one. */
static int choose_network(struct profile *p, const struct coop_box_options *o,
			  struct err *err)
{
	/* older programs have a shorter struct */
	const size_t least = offsetof(struct coop_box_options, network) +
			     sizeof(o->network);
	const char *wish = o && o->size >= least ? o->network : NULL;

	if (!wish)
		return 0;
	if (str_equal(wish, "none")) {
		profile_close_network(p);
		return 0;
	}
	if (!str_equal(wish, "allow"))
		err_set(err, ERR_INVALID,
			"none, or allow for the profile's hosts");
	else if (p->network.open)
		return 0;
	else
		err_set(err, ERR_FORBIDDEN, "the profile %s allows no network",
			p->name);
	err_try(err, "a profile with mode = allow; see coop profiles");
	return err_field(err, "network");
}

/* What a box is asked to be, with every name looked up and limits resolved. */
static int look_up(struct coop *c, const struct coop_box_options *o,
		   const struct limits *wish, struct run_box_options *out,
		   struct profile **profile, struct err *err)
{
	const char *name = o && o->profile ? o->profile : "default";
	int rc;

	memset(out, 0, sizeof(*out));
	out->loop = c->loop;
	out->tier = o && o->tier ? o->tier : TIER_DEFAULT;
	if (out->tier < 0 || out->tier > 3) {
		err_set(err, ERR_INVALID, "tiers are 1, 2 and 3");
		return err_field(err, "tier");
	}
	out->backend = backends_find(o ? o->backend : NULL, err);
	if (!out->backend)
		return -ERR_UNKNOWN;
	rc = profile_load(profile, c->share, name, err);
	if (rc < 0)
		return rc;
	out->profile = *profile;
	rc = choose_network(*profile, o, err);
	if (o)
		out->limits = door_limits(&o->limits);
	limits_prefer(&out->limits, wish, &(*profile)->limits);
	if (rc >= 0)
		rc = limits_resolve(&out->limits, &(*profile)->limits, err);
	if (rc < 0)
		profile_destroy(mem_take(*profile));
	return rc;
}

/* Takes the profile over, also on failure. */
static int open_box(struct coop_box **out, struct coop *c,
		    struct run_box_options *bo, struct profile *profile,
		    struct err *err)
{
	struct coop_box *b = mem_new(struct coop_box);
	int rc;

	b->coop = c;
	b->profile = profile;
	b->limits = bo->limits;
	b->next = c->boxes;
	c->boxes = b;
	rc = connect_backend(c, bo->backend, &bo->conn, err);
	if (rc >= 0)
		rc = run_box_create(&b->box, bo, err);
	if (rc < 0) {
		coop_box_close(b);
		return rc;
	}
	*out = b;
	return 0;
}

API int coop_box_open(struct coop_box **out, struct coop *c,
		      const struct coop_box_options *o, struct coop_err *err)
{
	struct profile *profile = NULL;
	struct run_box_options bo;
	struct limits none = { 0 };
	struct err why = { 0 };

	if (look_up(c, o, &none, &bo, &profile, &why) < 0 ||
	    open_box(out, c, &bo, profile, &why) < 0)
		return door_err(err, &why);
	return 0;
}

API void coop_box_limits(const struct coop_box *b, struct coop_limits *out)
{
	*out = door_limits_shown(&b->limits);
}

static void unlink_box(struct coop_box *b)
{
	struct coop_box **at = &b->coop->boxes;

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
}

static void close_later(void *arg)
{
	struct coop_box *b = arg;

	b->closing = NULL;
	coop_box_close(b);
}

API void coop_box_close(struct coop_box *b)
{
	if (!b)
		return;
	if (b->calling) {
		if (!b->closing)
			b->closing = loop_at(b->coop->loop,
					     (struct deadline){ 0 },
					     close_later, b);
		return;
	}
	loop_timer_cancel(mem_take(b->closing));
	b->one_shot = false;
	if (b->run)
		run_abandon(b->run->run);
	unlink_box(b);
	run_box_destroy(b->box);
	profile_destroy(b->profile);
	mem_free(b);
}

static void on_output(void *arg, int stream, const char *data, size_t len)
{
	struct coop_run *r = arg;

	if (!r->ev.output)
		return;
	r->box->calling++;
	r->ev.output(r->ev.arg, stream, data, len);
	r->box->calling--;
}

static void on_file(void *arg, const char *path, uint64_t size, int fd)
{
	struct coop_run *r = arg;

	r->box->calling++;
	r->ev.file(r->ev.arg, path, size, fd);
	r->box->calling--;
}

/* The box is free again before the caller hears, so that it can go on. */
static void on_ended(void *arg, struct result *result, const struct err *err)
{
	struct coop_run *r = arg;
	struct coop_box *one_shot = r->box->one_shot ? r->box : NULL;
	struct door_result shown;
	struct coop_err why;

	r->box->run = NULL;
	if (result)
		door_result_make(&shown, result);
	else
		door_err(&why, err);
	if (r->ev.ended)
		r->ev.ended(r->ev.arg, result ? &shown.view : NULL,
			    result ? NULL : &why);
	if (result)
		door_result_finish(&shown);
	run_destroy(r->run);
	mem_free(r);
	coop_box_close(one_shot);
}

static int exec(struct coop_run **out, struct coop_box *b, struct request *req,
		const struct coop_events *ev, struct err *err)
{
	struct coop_run *r = mem_new(struct coop_run);
	struct run_events events = {
		.arg = r,
		.output = on_output,
		.file = ev && ev->file ? on_file : NULL,
		.ended = on_ended,
	};
	int rc;

	r->box = b;
	if (ev)
		r->ev = *ev;
	rc = run_start(&r->run, b->box, req, &events, err);
	if (rc < 0) {
		mem_free(r);
		return rc;
	}
	b->run = r;
	if (out)
		*out = r;
	return 0;
}

API int coop_box_exec(struct coop_run **out, struct coop_box *b,
		      const struct coop_exec_options *o,
		      const struct coop_events *ev, struct coop_err *err)
{
	struct request *req;
	struct err why = { 0 };

	if (b->run) {
		err_set(&why, ERR_CONFLICT, "a program is running in this box");
		return door_err(err, &why);
	}
	if (request_make(&req, b->coop->share, o, &b->limits, &why) < 0 ||
	    exec(out, b, req, ev, &why) < 0)
		return door_err(err, &why);
	return 0;
}

API void coop_run_cancel(struct coop_run *r)
{
	if (r)
		run_cancel(r->run);
}

/* What the language of the program wants beyond the profile's defaults. */
static int find_wish(struct coop *c, const struct coop_exec_options *o,
		     struct limits *wish, struct err *err)
{
	struct language lang;
	int rc;

	memset(wish, 0, sizeof(*wish));
	if (o->argv || !o->language)
		return 0;
	rc = language_load(&lang, c->share, o->language, err);
	if (rc < 0)
		return rc;
	*wish = lang.limits;
	language_finish(&lang);
	return 0;
}

/* Checks the request before a box is asked for: a typo starts no broker. */
static int start_one(struct coop_run **out, struct coop *c,
		     const struct coop_box_options *bo,
		     const struct coop_exec_options *o,
		     const struct coop_events *ev, struct err *err)
{
	struct profile *profile = NULL;
	struct run_box_options looked_up;
	struct limits wish;
	struct request *req;
	struct coop_box *b;
	int rc = find_wish(c, o, &wish, err);

	if (rc >= 0)
		rc = look_up(c, bo, &wish, &looked_up, &profile, err);
	if (rc < 0)
		return rc;
	rc = request_make(&req, c->share, o, &looked_up.limits, err);
	if (rc < 0) {
		profile_destroy(profile);
		return rc;
	}
	rc = open_box(&b, c, &looked_up, profile, err);
	if (rc < 0) {
		request_destroy(req);
		return rc;
	}
	rc = exec(out, b, req, ev, err);
	if (rc < 0)
		coop_box_close(b);
	else
		b->one_shot = true;
	return rc;
}

API int coop_run_start(struct coop_run **out, struct coop *c,
		       const struct coop_box_options *b,
		       const struct coop_exec_options *o,
		       const struct coop_events *ev, struct coop_err *err)
{
	struct err why = { 0 };

	if (start_one(out, c, b, o, ev, &why) < 0)
		return door_err(err, &why);
	return 0;
}

static char *plan(struct coop *c, const struct coop_box_options *bo,
		  const struct coop_exec_options *o, struct err *err)
{
	struct request *req = NULL;
	struct profile *profile = NULL;
	struct run_box_options looked_up;
	struct limits wish;
	char *text = NULL;

	if (find_wish(c, o, &wish, err) < 0 ||
	    look_up(c, bo, &wish, &looked_up, &profile, err) < 0)
		return NULL;
	if (request_make(&req, c->share, o, &looked_up.limits, err) >= 0)
		text = describe_run(&looked_up, req, err);
	request_destroy(req);
	profile_destroy(profile);
	return text;
}

API char *coop_plan(struct coop *c, const struct coop_box_options *b,
		    const struct coop_exec_options *o, struct coop_err *err)
{
	struct err why = { 0 };
	char *text = plan(c, b, o, &why);

	if (!text)
		door_err(err, &why);
	return text;
}

API void coop_free(void *p)
{
	mem_free(p);
}

API const char *coop_version(void)
{
	return COOP_VERSION;
}
