/* SPDX-License-Identifier: Apache-2.0 */
/* Scripted parts for tests; see script.h. */
#include "tests/agentlib/agent/script.h"

#include "agentlib/fiber/fiber.h"
#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include <string.h>

#define CALLS_MAX 64

struct scripted_model {
	struct model base;
	const struct script_reply *replies;
	size_t reply_count, calls;
	char *requests[CALLS_MAX];
};

static char *requests_text(const struct model_request *req)
{
	struct json_writer w;
	struct buf b;
	char *text;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_array(&w);
	for (size_t i = 0; i < req->count; i++)
		llm_write(req->messages[i], &w);
	jw_end_array(&w);
	text = buf_take(&b);
	buf_finish(&b);
	return text;
}

/* In pieces of four bytes. */
static int stream(const struct model_request *req, const char *text,
		  struct err *err)
{
	size_t len = strlen(text);
	int r = 0;

	for (size_t at = 0; r == 0 && at < len; at += 4)
		r = req->chunk(req->arg, text + at, len - at < 4 ? len - at : 4,
			       err);
	return r;
}

static int scripted_create(struct model *m, const struct model_request *req,
			   struct create_result *out, struct err *err)
{
	struct scripted_model *s = (struct scripted_model *)m;
	const struct script_reply *reply;
	int r = 0;

	if (s->calls >= s->reply_count || s->calls >= CALLS_MAX)
		return err_set(err, ERR_UNAVAILABLE, "no more replies");
	reply = &s->replies[s->calls];
	s->requests[s->calls++] = requests_text(req);
	if (reply->wait_ms)
		r = fiber_sleep(reply->wait_ms, err);
	if (r == 0 && reply->fails)
		r = err_set(err, ERR_UNAVAILABLE, "%s", reply->fails);
	if (r == 0 && req->stream)
		r = stream(req, reply->content, err);
	if (r < 0)
		return r;
	out->finish = FINISH_STOP;
	out->content = mem_strdup(reply->content);
	out->thought = mem_strdup(reply->thought);
	out->usage = (struct usage){ 10, 2 };
	return 0;
}

static void scripted_model_dump(const struct model *m, struct json_writer *w)
{
	jw_object(w);
	jw_end_object(w);
}

static void scripted_model_destroy(struct model *m)
{
	struct scripted_model *s = (struct scripted_model *)m;

	for (size_t i = 0; i < CALLS_MAX; i++)
		mem_free(s->requests[i]);
	mem_free(s);
}

static const struct model_ops model_ops = {
	.provider = "tests.ScriptedModel",
	.create = scripted_create,
	.dump = scripted_model_dump,
	.destroy = scripted_model_destroy,
};

struct model *script_model(struct engine *e, const struct script_reply *replies,
			   size_t count)
{
	struct scripted_model *s = mem_new(struct scripted_model);

	s->base.ops = &model_ops;
	s->base.refs = 1;
	s->base.engine = e;
	s->base.info.structured_output = true;
	s->replies = replies;
	s->reply_count = count;
	return &s->base;
}

const char *script_model_request(const struct model *m, size_t n)
{
	return n < CALLS_MAX ? ((const struct scripted_model *)m)->requests[n]
			     : NULL;
}

struct scripted_executor {
	struct code_executor base;
	const struct script_output *outputs;
	size_t output_count, calls;
	char *codes[CALLS_MAX];
	int starts, stops;
};

static int scripted_start(struct code_executor *x, struct err *err)
{
	((struct scripted_executor *)x)->starts++;
	return 0;
}

static int scripted_stop(struct code_executor *x, struct err *err)
{
	((struct scripted_executor *)x)->stops++;
	return 0;
}

static char *code_text(const struct code_run *run)
{
	struct buf b;
	char *text;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < run->count; i++)
		buf_printf(&b, "%s%s:%s", i ? "|" : "", run->blocks[i].language,
			   run->blocks[i].code);
	text = buf_take(&b);
	buf_finish(&b);
	return text;
}

static int scripted_execute(struct code_executor *x, const struct code_run *run,
			    struct code_result *out, struct err *err)
{
	struct scripted_executor *s = (struct scripted_executor *)x;
	const struct script_output *o;
	int r = 0;

	if (s->calls >= s->output_count || s->calls >= CALLS_MAX)
		return err_set(err, ERR_UNAVAILABLE, "no more outputs");
	o = &s->outputs[s->calls];
	s->codes[s->calls++] = code_text(run);
	if (o->wait_ms)
		r = fiber_sleep(o->wait_ms, err);
	if (r < 0)
		return r;
	out->exit_code = o->exit_code;
	out->output = mem_strdup(o->output);
	if (o->file) {
		out->files = mem_new(struct code_file);
		out->files[0].path = mem_strdup(o->file);
		out->files[0].size = 7;
		out->file_count = 1;
	}
	return 0;
}

static void scripted_executor_dump(const struct code_executor *x,
				   struct json_writer *w)
{
	jw_object(w);
	jw_end_object(w);
}

static void scripted_executor_destroy(struct code_executor *x)
{
	struct scripted_executor *s = (struct scripted_executor *)x;

	for (size_t i = 0; i < CALLS_MAX; i++)
		mem_free(s->codes[i]);
	mem_free(s);
}

static const struct code_executor_ops executor_ops = {
	.provider = "tests.ScriptedExecutor",
	.start = scripted_start,
	.stop = scripted_stop,
	.execute = scripted_execute,
	.dump = scripted_executor_dump,
	.destroy = scripted_executor_destroy,
};

struct code_executor *script_executor(struct engine *e,
				      const struct script_output *outputs,
				      size_t count)
{
	struct scripted_executor *s = mem_new(struct scripted_executor);

	s->base.ops = &executor_ops;
	s->base.refs = 1;
	s->base.engine = e;
	s->outputs = outputs;
	s->output_count = count;
	return &s->base;
}

const char *script_executor_code(const struct code_executor *x, size_t n)
{
	const struct scripted_executor *s = (const struct scripted_executor *)x;

	return n < CALLS_MAX ? s->codes[n] : NULL;
}

void script_executor_counts(const struct code_executor *x, int *starts,
			    int *stops)
{
	const struct scripted_executor *s = (const struct scripted_executor *)x;

	*starts = s->starts;
	*stops = s->stops;
}
