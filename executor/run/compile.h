/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The compile step: the sources in a box of their own, the compiler in it, the
 * files it makes out of it as descriptors. The compiler is as untrusted as
 * what it compiles.
 */
#include "executor/base/err.h"
#include "executor/run/put.h"
#include "executor/spec/result.h"

struct run_box;
struct request;
struct compile;

/*
 * Once, from the loop. made: what the program consists of, each item an open
 * descriptor; empty when it did not compile (then *r says how) or Coop failed
 * (err). The callee may empty *r and take *made over; what it takes it ends by
 * compile_made_finish().
 */
typedef void compile_done_fn(void *arg, struct result *r, struct put_list *made,
			     const struct err *err);

/* Closes the descriptors and frees the list. */
void compile_made_finish(struct put_list *made);

/* `beside` is the box that will run the program: the new one is made like it,
 * with the language's compile limits. req is borrowed until the end. */
int compile_start(struct compile **out, const struct run_box *beside,
		  const struct request *req, compile_done_fn *done, void *arg,
		  struct err *err);

/* `done` comes soon. */
void compile_cancel(struct compile *c);
void compile_destroy(struct compile *c); /* at any time; NULL is fine */
