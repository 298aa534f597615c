/* SPDX-License-Identifier: Apache-2.0 */
/* The shared part of the tests of the door. */
#include "tests/executor/run/door_rig.h"

#include "tests/tap.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void on_output(void *arg, int stream, const char *data, size_t len)
{
	struct seen *s = arg;

	size_t at = strlen(s->live);

	snprintf(s->live + at, sizeof(s->live) - at, "%.*s", (int)len, data);
	if (s->close_in_output)
		coop_box_close(s->close_in_output);
	s->close_in_output = NULL;
	if (s->cancel_in_output)
		coop_run_cancel(*s->cancel_in_output);
}

static void on_file(void *arg, const char *path, uint64_t size, int fd)
{
	struct seen *s = arg;
	ssize_t n = read(fd, s->file, sizeof(s->file) - 1);

	CHECK_INT(n, size);
	s->files++;
	close(fd);
}

static void on_ended(void *arg, const struct coop_result *r,
		     const struct coop_err *e)
{
	struct seen *s = arg;

	s->calls++;
	s->done = true;
	if (e) {
		s->failed = true;
		snprintf(s->name, sizeof(s->name), "%s", e->name);
		snprintf(s->field, sizeof(s->field), "%s", e->field);
		return;
	}
	snprintf(s->status, sizeof(s->status), "%s", r->status);
	snprintf(s->out, sizeof(s->out), "%s", r->stdout_data);
	snprintf(s->errors, sizeof(s->errors), "%s", r->stderr_data);
	s->exit_code = r->exit_code;
	CHECK(r->json && r->json[0] == '{');
	if (s->close_in_ended)
		coop_box_close(s->close_in_ended);
}

struct coop_events door_events(struct seen *s)
{
	return (struct coop_events){ s, on_output, on_file, on_ended };
}

struct coop *door_begin(void)
{
	struct coop_options o = { .size = sizeof(o) };
	struct coop_err err;
	struct coop *c;
	char libexec[4096], share[4096];

	snprintf(libexec, sizeof(libexec), "%s", tap_build("libexec/coop"));
	snprintf(share, sizeof(share), "%s", tap_build("share/coop"));
	o.libexec = libexec;
	o.share = share;
	if (!CHECK(coop_open(&c, &o, &err) == 0)) {
		tap_note("%s", err.text);
		tap_end();
	}
	return c;
}

struct coop_box *door_box(struct coop *c)
{
	struct coop_box_options o = { .size = sizeof(o) };
	struct coop_err err;
	struct coop_box *b;

	if (!CHECK(coop_box_open(&b, c, &o, &err) == 0)) {
		tap_note("%s", err.text);
		tap_end();
	}
	return b;
}

struct coop_exec_options door_shell(const char *code)
{
	return (struct coop_exec_options){
		.size = sizeof(struct coop_exec_options),
		.language = "bash",
		.code = code,
	};
}

struct coop_run *door_start(struct coop_box *b, const char *code,
			    struct seen *s)
{
	struct coop_exec_options o = door_shell(code);
	struct coop_events ev = door_events(s);
	struct coop_run *r = NULL;
	struct coop_err err;

	if (!CHECK(coop_box_exec(&r, b, &o, &ev, &err) == 0)) {
		tap_note("%s", err.text);
		tap_end();
	}
	return r;
}

void door_finish(struct coop *c, struct seen *s)
{
	struct coop_err err;

	CHECK_INT(coop_wait(c, &s->done, &err), 0);
	CHECK_INT(s->calls, 1);
}

void door_step_until_live(struct coop *c, struct seen *s)
{
	struct coop_err err;

	while (!*s->live && !s->done)
		REQUIRE(coop_step(c, 1000, &err) == 0);
	REQUIRE(!s->done);
}
