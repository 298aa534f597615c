/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The pieces that LLM messages and chat messages have in common: function calls
 * and their results, copied, freed, written and read.
 */
#include "agentlib/core/llm.h"

/* An empty message with one reference, to be filled before it is shared. */
struct llm_message *llm_new(enum llm_role role);

/* Free the arrays and what they hold; NULL and 0 are fine. */
void function_calls_free(struct function_call *calls, size_t count);
void function_results_free(struct function_result *results, size_t count);

/* A deep copy; NULL when count is 0. */
struct function_call *function_calls_copy(const struct function_call *calls,
					  size_t count);

/* [{"id","arguments","name"}] */
void function_calls_write(const struct function_call *calls, size_t count,
			  struct json_writer *w);

/* [{"content","name","call_id","is_error"}] */
void function_results_write(const struct function_result *results, size_t count,
			    struct json_writer *w);

/*
 * Read the array `j` (NULL: none) into *out and *count, freed by the functions
 * above. -ERR_INVALID with err->field = "/INDEX/member".
 */
int function_calls_read(const struct json *j, struct function_call **out,
			size_t *count, struct err *err);
int function_results_read(const struct json *j, struct function_result **out,
			  size_t *count, struct err *err);
