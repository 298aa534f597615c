/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipes are made here; the program gets its ends and nothing else of ours.
 */
#include "executor/run/run_program.h"

#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/run/run_box.h"
#include "executor/run/capture.h"

#include <string.h>

struct stream {
	struct run_program *program;
	int number;
	struct capture *capture;
};

struct run_program {
	struct run_box *box;
	struct run_program_events ev;
	struct feed *feed;
	struct stream streams[2];
	bool output_kills, started, ended;
	uint64_t started_ns;
};

static void on_live(void *arg, const char *data, size_t len)
{
	struct stream *s = arg;

	if (s->program->ev.output)
		s->program->ev.output(s->program->ev.arg, s->number, data, len);
}

static void on_over(void *arg)
{
	struct stream *s = arg;

	if (s->program->output_kills)
		run_program_kill(s->program, REASON_OUTPUT);
}

/* Makes a pipe, watches its reading end, gives the writing one. */
static int open_stream(struct run_program *p, int number, uint64_t limit,
		       int *write_end, struct err *err)
{
	struct stream *s = &p->streams[number - 1];
	struct capture_events ev = { s, on_live, on_over };
	int ends[2];
	int rc = fd_pipe(ends, err);

	if (rc < 0)
		return rc;
	s->program = p;
	s->number = number;
	*write_end = ends[1];
	return capture_start(&s->capture, run_box_loop(p->box), ends[0], limit,
			     &ev, err);
}

static int start(struct run_program *p, const struct run_program_spec *spec,
		 struct err *err)
{
	_auto_close_ int out = -1, errors = -1;
	struct broker_program wish = {
		.argv = spec->argv,
		.env = spec->env,
		.time_ms = spec->time_ms,
	};
	int rc = feed_start(&p->feed, run_box_loop(p->box), &spec->input,
			    &wish.stdio[0], err);

	if (rc >= 0)
		rc = open_stream(p, 1, spec->output_bytes, &out, err);
	if (rc >= 0 && !spec->merge)
		rc = open_stream(p, 2, spec->output_bytes, &errors, err);
	if (rc < 0)
		return rc;
	wish.stdio[1] = out;
	wish.stdio[2] = spec->merge ? out : errors;
	return run_box_start(p->box, &wish, err);
}

int run_program_start(struct run_program **out, struct run_box *b,
		      const struct run_program_spec *spec,
		      const struct run_program_events *ev, struct err *err)
{
	struct run_program *p = mem_new(struct run_program);
	int rc;

	p->box = b;
	p->ev = *ev;
	p->output_kills = spec->output_kills;
	rc = start(p, spec, err);
	if (rc < 0) {
		run_program_destroy(p);
		return rc;
	}
	*out = p;
	return 0;
}

void run_program_on_started(struct run_program *p, const struct err *err)
{
	struct err why;

	p->started = true;
	p->started_ns = clock_now_ns();
	if (!err)
		return;
	p->ended = true;
	why = *err;
	if (!*why.field)
		err_field(&why, "command");
	p->ev.ended(p->ev.arg, NULL, &why);
}

static void take_output(struct stream *s, struct run_program_output *out)
{
	if (!s->capture) { /* merged into the other one */
		*out = (struct run_program_output){ .data = mem_strdup("") };
		return;
	}
	capture_end(s->capture);
	out->data = capture_take(s->capture, &out->len, &out->truncated);
}

static void report(struct run_program *p, struct run_program_report *r)
{
	p->ended = true;
	r->started_ns = p->started_ns;
	take_output(&p->streams[0], &r->out);
	take_output(&p->streams[1], &r->err);
	r->facts.output_over = r->out.truncated || r->err.truncated;
	p->ev.ended(p->ev.arg, r, NULL);
}

void run_program_on_ended(struct run_program *p, const struct broker_end *end)
{
	struct run_program_report r = { .end = end };
	struct facts *f = &r.facts;

	if (p->ended)
		return;
	f->wait_status = end->wait_status;
	f->broken = end->broken;
	f->why = end->why;
	f->leftover = end->leftover;
	f->reason_count = end->reason_count;
	memcpy(f->reasons, end->reasons, sizeof(f->reasons));
	f->oom_kill = end->oom_kill;
	f->memory_at_limit = end->memory_at_limit;
	f->cpu_ns = end->cpu_ns;
	f->cpu_limit_ns = run_box_info(p->box)->limits.cpu_time_ms * CLOCK_MS;
	report(p, &r);
}

void run_program_on_lost(struct run_program *p, const struct err *err)
{
	struct run_program_report r = { 0 };

	if (p->ended)
		return;
	if (!p->started) {
		p->ended = true;
		p->ev.ended(p->ev.arg, NULL, err);
		return;
	}
	r.facts.broken = true;
	r.facts.why = err->text;
	r.facts.cpu_ns = -1;
	report(p, &r);
}

void run_program_kill(struct run_program *p, enum reason why)
{
	struct err err = { 0 };

	/* A box that is gone has told so, or will: nothing is lost here. */
	if (!p->ended)
		run_box_kill(p->box, why, &err);
}

void run_program_abandon(struct run_program *p)
{
	struct run_program_report r = { 0 };

	if (p->ended)
		return;
	r.facts.broken = true;
	r.facts.reasons[0] = REASON_CANCELLED;
	r.facts.reason_count = 1;
	r.facts.why = "cancelled";
	r.facts.cpu_ns = -1;
	report(p, &r);
}

void run_program_destroy(struct run_program *p)
{
	if (!p)
		return;
	feed_destroy(p->feed);
	capture_destroy(p->streams[0].capture);
	capture_destroy(p->streams[1].capture);
	mem_free(p);
}
