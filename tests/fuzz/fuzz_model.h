/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What must hold for every answer of a model, streamed or not. */
struct create_result;

/*
 * Text or calls, never neither; names and arguments as services take them back;
 * tokens not negative; and as a message it can be saved and read again.
 */
void fuzz_model_check(const struct create_result *r);
