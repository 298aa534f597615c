/* SPDX-License-Identifier: Apache-2.0 */
/* Write, run, correct, report; see self_debug.h. */
#include "agentlib/agent/self_debug.h"

#include "agentlib/agent/code_step.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include <string.h>

#define DECISION_MAX (1024 * 1024)

static const char decision_schema[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"reason\":{\"type\":\"string\"},\"retry\":{\"type\":\"boolean\"}},"
	"\"required\":[\"reason\",\"retry\"],\"additionalProperties\":false}";

/* A message of ours to the model, in the context. */
static void tell(struct code_agent *a, const char *text)
{
	struct llm_message *m = llm_text(LLM_USER, a->task.name, text);

	model_context_add(a->context, m);
	llm_unref(m);
}

/* Asks for text; *out is a TextMessage that was not yet emitted. */
static int ask_text(struct code_agent *a, const struct agent_turn *t,
		    struct message **out, struct err *err)
{
	struct message *m = message_new(MESSAGE_TEXT, a->task.name, NULL);
	struct agent_question q = {
		.model = a->model,
		.context = a->context,
		.system = a->system,
		.stream = a->stream,
		.message_id = m->id,
	};
	struct create_result answer;
	int r = agent_turn_ask(t, &q, &answer, err);

	if (r < 0) {
		message_unref(m);
		return r;
	}
	m->content = mem_take(answer.content);
	m->has_usage = true;
	m->usage = answer.usage;
	create_result_finish(&answer);
	*out = m;
	return 0;
}

/* Turns the answer into the event that tells of its programs. */
static void fill_generation(struct message *m, const struct code_step *s)
{
	m->type = MESSAGE_CODE_GENERATION;
	m->retry_attempt = s->attempt;
	m->block_count = s->blocks.count;
	m->blocks = mem_zero(s->blocks.count, sizeof(*m->blocks));
	for (size_t i = 0; i < s->blocks.count; i++) {
		m->blocks[i].code = mem_strdup(s->blocks.items[i].code);
		m->blocks[i].language = mem_strdup(s->blocks.items[i].language);
	}
}

/* Whether to try again, and why; an answer in no known form means no. */
static bool read_decision(const char *text, char **reason)
{
	_auto_json_ struct json *j = json_parse(text, strlen(text),
						DECISION_MAX, NULL);
	const char *why = json_string(json_get(j, "reason"));

	*reason = mem_strdup(why ? why : "");
	return json_bool(json_get(j, "retry"), false);
}

static int decide(struct code_agent *a, const struct agent_turn *t,
		  const struct code_step *s, char **correction, struct err *err)
{
	_auto_free_ char *text = mem_printf(
		"The last program failed:\n%s\n\nShall it be corrected and run "
		"again? Answer with \"retry\" (true or false) and \"reason\": "
		"what is wrong, why you decide so, and what you would change.",
		s->event->output);
	struct llm_message *prompt = llm_text(LLM_USER, a->task.name, text);
	struct agent_question q = {
		.model = a->model,
		.context = a->context,
		.extra = prompt,
		.schema_name = "RetryDecision",
		.schema_json = decision_schema,
		.silent = true,
	};
	struct create_result answer;
	char *reason;
	int r = agent_turn_ask(t, &q, &answer, err);

	llm_unref(prompt);
	if (r < 0)
		return r;
	if (read_decision(answer.content, &reason))
		*correction = mem_printf("Attempt number: %d\n"
					 "Proposed correction: %s",
					 s->attempt + 1, reason);
	mem_free(reason);
	create_result_finish(&answer);
	return 0;
}

/* Announces the correction and gives it to the model for its next program. */
static int announce(struct code_agent *a, const struct agent_turn *t,
		    const struct code_step *s, const char *correction,
		    struct err *err)
{
	struct message *m = message_new(MESSAGE_CODE_GENERATION, a->task.name,
					correction);

	m->retry_attempt = s->attempt;
	tell(a, correction);
	return agent_turn_emit(t, m, err);
}

/* *again: another round follows. *answered: the answer was emitted. */
struct round {
	bool again, answered;
};

static int run_round(struct code_agent *a, const struct agent_turn *t,
		     struct code_step *s, struct round *round, struct err *err)
{
	_auto_free_ char *correction = NULL;
	struct message *m = NULL;
	int r = ask_text(a, t, &m, err);

	if (r < 0)
		return r;
	code_step_find(a, m->content, s);
	if (s->blocks.count == 0) {
		round->answered = true;
		return agent_turn_emit(t, m, err);
	}
	fill_generation(m, s);
	r = agent_turn_emit(t, m, err);
	if (r == 0)
		r = code_step_execute(a, t, s, err);
	if (r < 0)
		return r;
	tell(a, s->event->output);
	if (s->event->exit_code == 0 || s->attempt >= a->max_retries)
		return 0;
	r = decide(a, t, s, &correction, err);
	if (r < 0 || !correction)
		return r;
	round->again = true;
	return announce(a, t, s, correction, err);
}

int self_debug_run(struct code_agent *a, const struct agent_turn *t,
		   struct err *err)
{
	struct round round = { .again = true };
	struct message *m;
	int r = 0;

	agent_turn_take(t, a->context);
	for (int attempt = 0; r == 0 && round.again; attempt++) {
		struct code_step s = { .attempt = attempt };

		round.again = false;
		r = run_round(a, t, &s, &round, err);
		code_step_finish(&s);
	}
	if (r < 0 || round.answered)
		return r;
	r = ask_text(a, t, &m, err);
	return r < 0 ? r : agent_turn_emit(t, m, err);
}
