/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Text as Python's repr() writes it: AutoGen's texts of tool events, its
 * selector prompt and some stop reasons contain it, and conditions look for
 * words in them.
 */
#include <stddef.h>

struct buf;
struct function_call;
struct function_result;

/* 'text' with Python's choice of quotes and escapes; None for NULL. */
void repr_string(struct buf *out, const char *s);

/* ['a', 'b'] */
void repr_strings(struct buf *out, char *const *items, size_t count);

/* [FunctionCall(id='…', …)] and [FunctionExecutionResult(…)] */
void repr_calls(struct buf *out, const struct function_call *calls,
		size_t count);
void repr_results(struct buf *out, const struct function_result *results,
		  size_t count);
