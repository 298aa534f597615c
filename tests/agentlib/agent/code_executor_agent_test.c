/* SPDX-License-Identifier: Apache-2.0 */
/* The agent that runs code: others' code, and its own with corrections. */
#include "agentlib/agent/code_executor_agent.h"

#include "agentlib/fiber/fiber.h"
#include "executor/base/mem.h"
#include "tests/agentlib/agent/agent_rig.h"
#include "tests/agentlib/agent/script.h"
#include "tests/tap.h"
#include <string.h>

struct trio {
	struct model *model;
	struct code_executor *executor;
	struct task *agent;
};

struct plan {
	const struct script_reply *replies;
	size_t reply_count;
	const struct script_output *outputs;
	size_t output_count;
	int max_retries;
};

static struct trio make(const struct plan *plan)
{
	struct trio t = { 0 };
	struct code_executor_agent_options o = {
		.name = "term", .max_retries = plan->max_retries
	};

	if (plan->replies)
		t.model = script_model(fiber_engine(), plan->replies,
				       plan->reply_count);
	t.executor = script_executor(fiber_engine(), plan->outputs,
				     plan->output_count);
	o.executor = t.executor;
	o.model = t.model;
	t.agent = code_executor_agent_create(fiber_engine(), &o);
	return t;
}

static void drop(struct trio *t)
{
	task_unref(t->agent);
	code_executor_unref(t->executor);
	model_unref(t->model);
}

static int runs_given_body(void *arg, struct err *err)
{
	static const struct script_output outputs[] = { { 0, "4\n", "a.png" },
							{ 1, "Traceback" },
							{ 0, " \n" },
							{ 3, "" } };
	struct plan plan = { .outputs = outputs, .output_count = 4 };
	struct trio t = make(&plan);
	struct agent_rig_result r;
	int starts, stops;

	r = agent_rig_task(t.agent, "```py\nprint(4)\n```\n```sh\nls\n```");
	CHECK_STR(r.seen, "TextMessage user: ```py\nprint(4)\n```\n```sh\nls\n"
			  "```\nCodeExecutionEvent term: 4\n\n"
			  "TextMessage term: 4\n\n");
	CHECK_STR(script_executor_code(t.executor, 0), "py:print(4)\n|sh:ls\n");
	agent_rig_finish(&r);
	r = agent_rig_task(t.agent, "```python\nboom\n```");
	CHECK(strstr(r.messages,
		     "TextMessage term: The script ran, then exited with an "
		     "error (POSIX exit code: 1)\nIts output was:\nTraceback"));
	agent_rig_finish(&r);
	r = agent_rig_task(t.agent, "```python\nx = 1\n```");
	CHECK(strstr(r.messages,
		     "TextMessage term: The script ran but produced "
		     "no output to console. The POSIX exit code "
		     "was: 0."));
	agent_rig_finish(&r);
	r = agent_rig_task(t.agent, "```python\nx\n```");
	CHECK(strstr(r.messages, "The POSIX exit code was: 3."));
	agent_rig_finish(&r);
	r = agent_rig_task(t.agent, "no code at all");
	CHECK(strstr(r.messages, "\nTextMessage term: No code blocks found"));
	CHECK(strstr(r.messages, "CodeExecutionEvent") == NULL);
	agent_rig_finish(&r);
	CHECK_INT(task_close(t.agent, err), 0);
	script_executor_counts(t.executor, &starts, &stops);
	CHECK_INT(starts, 1);
	CHECK_INT(stops, 1);
	drop(&t);
	return 0;
}

static void runs_given(void)
{
	agent_rig_run(runs_given_body, NULL);
}

static int files_body(void *arg, struct err *err)
{
	static const struct script_output outputs[] = { { 0, "4\n", "a.png" } };
	struct plan plan = { .outputs = outputs, .output_count = 1 };
	struct trio t = make(&plan);
	struct message *m = message_new(MESSAGE_TEXT, "user",
					"```python\nx\n```");
	struct task_input in = { .messages = &m, .count = 1 };
	struct task_result out = { 0 };

	CHECK_INT(task_run(t.agent, &in, &out, err), 0);
	REQUIRE(out.messages.count == 2);
	CHECK_INT(out.messages.items[0]->type, MESSAGE_CODE_EXECUTION);
	REQUIRE(out.messages.items[0]->file_count == 1);
	CHECK_STR(out.messages.items[0]->files[0].path, "a.png");
	task_result_finish(&out);
	message_unref(m);
	drop(&t);
	return 0;
}

static void files_are_named(void)
{
	agent_rig_run(files_body, NULL);
}

static int other_types_body(void *arg, struct err *err)
{
	struct plan plan = { 0 };
	struct trio t = make(&plan);
	struct message *m = message_new(MESSAGE_STOP, "user",
					"```python\nx\n```");
	struct task_input in = { .messages = &m, .count = 1 };
	struct task_result out = { 0 };

	CHECK_INT(task_run(t.agent, &in, &out, err), 0);
	CHECK_INT(out.messages.count, 1);
	task_result_finish(&out);
	message_unref(m);
	drop(&t);
	return 0;
}

static void only_text_messages(void)
{
	agent_rig_run(other_types_body, NULL);
}

/* The self-debug loop: the input once, the correction given back. */
static int corrects_body(void *arg, struct err *err)
{
	static const struct script_reply replies[] = {
		{ "```python\nbad\n```", "thinking" },
		{ "{\"reason\":\"a typo\",\"retry\":true}" },
		{ "```python\ngood\n```" },
		{ "It is 4." },
	};
	static const struct script_output outputs[] = { { 1, "NameError" },
							{ 0, "4\n" } };
	struct plan plan = { replies, 4, outputs, 2, 2 };
	struct trio t = make(&plan);
	struct agent_rig_result r = agent_rig_task(t.agent, "add");
	const char *third;

	CHECK_STR(r.messages,
		  "TextMessage user: add\n"
		  "ThoughtEvent term: thinking\n"
		  "CodeGenerationEvent term: ```python\nbad\n```\n"
		  "CodeExecutionEvent term: The script ran, then exited with "
		  "an error (POSIX exit code: 1)\nIts output was:\nNameError\n"
		  "CodeGenerationEvent term: Attempt number: 1\n"
		  "Proposed correction: a typo\n"
		  "CodeGenerationEvent term: ```python\ngood\n```\n"
		  "CodeExecutionEvent term: 4\n\n"
		  "TextMessage term: It is 4.\n");
	third = script_model_request(t.model, 2);
	REQUIRE(third != NULL);
	CHECK(strstr(third, "Proposed correction: a typo"));
	CHECK(strstr(third, "NameError"));
	CHECK(strstr(strstr(third, "\"add\"") + 1, "\"add\"") == NULL);
	CHECK_INT(t.model->total.prompt_tokens, 40);
	agent_rig_finish(&r);
	drop(&t);
	return 0;
}

static void corrects_itself(void)
{
	agent_rig_run(corrects_body, NULL);
}

static int gives_up_body(void *arg, struct err *err)
{
	static const struct script_reply replies[] = {
		{ "```python\nbad\n```" },
		{ "{\"reason\":\"hopeless\",\"retry\":false}" },
		{ "It cannot be done." },
		{ "```python\nbad\n```" },
		{ "that is no decision" },
		{ "Sorry." },
		{ "No code needed." },
	};
	static const struct script_output outputs[] = { { 1, "a" },
							{ 1, "b" } };
	struct plan plan = { replies, 7, outputs, 2, 2 };
	struct trio t = make(&plan);
	struct agent_rig_result r = agent_rig_task(t.agent, "do");

	CHECK_INT(r.rc, 0);
	CHECK(strstr(r.messages, "TextMessage term: It cannot be done.\n"));
	agent_rig_finish(&r);
	r = agent_rig_task(t.agent, "do");
	CHECK(strstr(r.messages, "TextMessage term: Sorry.\n"));
	agent_rig_finish(&r);
	r = agent_rig_task(t.agent, "talk");
	CHECK_STR(r.messages, "TextMessage user: talk\nTextMessage term: No "
			      "code needed.\n");
	agent_rig_finish(&r);
	drop(&t);
	return 0;
}

static void gives_up(void)
{
	agent_rig_run(gives_up_body, NULL);
}

/* Reset forgets the conversation; a failure leaves it as it was. */
static int context_body(void *arg, struct err *err)
{
	static const struct script_reply replies[] = {
		{ "plain" },
		{ "```python\nx\n```" },
		{ NULL, NULL, 0, "gone" },
		{ "new" },
	};
	static const struct script_output outputs[] = { { 0, "1" } };
	struct plan plan = { replies, 4, outputs, 1, 0 };
	struct trio t = make(&plan);
	struct agent_rig_result r = agent_rig_task(t.agent, "one");
	char *before = agent_rig_state(t.agent), *after;

	agent_rig_finish(&r);
	CHECK(strstr(before, "\"type\":\"BaseState\""));
	CHECK(strstr(before, "plain"));
	r = agent_rig_task(t.agent, "two");
	CHECK(r.rc < 0);
	CHECK(strstr(r.messages, "CodeExecutionEvent term: 1\n"));
	agent_rig_finish(&r);
	after = agent_rig_state(t.agent);
	CHECK_STR(after, before);
	mem_free(after);
	CHECK_INT(task_reset(t.agent, err), 0);
	r = agent_rig_task(t.agent, "three");
	CHECK_STR(script_model_request(t.model, 3),
		  "[{\"content\":\"three\",\"source\":\"user\",\"type\":"
		  "\"UserMessage\"}]");
	agent_rig_finish(&r);
	mem_free(before);
	drop(&t);
	return 0;
}

static void context_is_kept_and_reset(void)
{
	agent_rig_run(context_body, NULL);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(runs_given),
						 TEST(files_are_named),
						 TEST(only_text_messages),
						 TEST(corrects_itself),
						 TEST(gives_up),
						 TEST(context_is_kept_and_reset),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
