/* SPDX-License-Identifier: Apache-2.0 */
/* One execution by a code executor agent; see code_step.h. */
#include "agentlib/agent/code_step.h"

#include "agentlib/core/code_executor.h"
#include "executor/base/mem.h"
#include <string.h>

void code_step_finish(struct code_step *s)
{
	fence_list_finish(&s->blocks);
	message_unref(mem_take(s->event));
}

void code_step_find(const struct code_agent *a, const char *text,
		    struct code_step *s)
{
	struct fence_options o = {
		.languages = a->languages,
		.language_count = a->language_count,
		.untagged = a->untagged,
	};

	if (text)
		fences_parse(text, strlen(text), &o, &s->blocks);
}

char *code_step_wrap(int exit_code, const char *output)
{
	if (output[strspn(output, " \t\r\n\v\f")] == '\0')
		return mem_printf(
			"The script ran but produced no output to console. "
			"The POSIX exit code was: %d. To see a result, the "
			"script must print it.",
			exit_code);
	if (exit_code != 0)
		return mem_printf("The script ran, then exited with an error "
				  "(POSIX exit code: %d)\nIts output was:\n%s",
				  exit_code, output);
	return mem_strdup(output);
}

int code_step_execute(struct code_agent *a, const struct agent_turn *t,
		      struct code_step *s, struct err *err)
{
	struct code_run run = {
		.blocks = s->blocks.items,
		.count = s->blocks.count,
	};
	struct code_result result = { 0 };
	struct message *m;
	int r = code_executor_execute(a->executor, &run, &result, err);

	if (r < 0)
		return r;
	m = message_new(MESSAGE_CODE_EXECUTION, a->task.name, NULL);
	m->retry_attempt = s->attempt;
	m->exit_code = result.exit_code;
	m->output = code_step_wrap(result.exit_code,
				   result.output ? result.output : "");
	m->files = mem_take(result.files);
	m->file_count = result.file_count;
	result.file_count = 0;
	code_result_finish(&result);
	s->event = message_ref(m);
	return agent_turn_emit(t, m, err);
}
