/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The answer to one request as the recording has it, in pieces with pauses. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

#define REPLAY_MAX ((size_t)64 * 1024 * 1024)

struct replay_piece {
	struct replay_piece *next;
	uint64_t delay_ms; /* before it is sent */
	size_t len;
	char data[];
};

struct replay_answer {
	struct replay_piece *pieces, **last;
	size_t split; /* bytes a write; 0: as they come */
	bool close;   /* after the last piece */
	bool refused; /* the request was not the expected one: a 422 */
};

/* Lays out the answer that `step` (NULL: none left) gives to a request's body;
 * says on standard error what a refused request lacks. */
void replay_answer_make(struct replay_answer *a, const struct json *step,
			const char *body);

/* The next piece, freed by mem_free(); NULL after the last. */
struct replay_piece *replay_answer_take(struct replay_answer *a);
void replay_answer_finish(struct replay_answer *a);
