/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The story of one run; start reading here. A request is checked and copied
 * (request.c), a box is asked for (run_box.c). Compiled languages go through a
 * box of their own first (compile.c). Then files are put and the program runs
 * (stage.c: put.c, run_program.c with feed.c and capture.c), the facts of its
 * end become a status (verdict.c) and a result (report.c), and the files it
 * changed are collected (collect.c).
 */
#include "executor/base/err.h"
#include "executor/spec/result.h"

struct run_box;
struct request;
struct run;

struct run_events {
	void *arg;
	/* Output as it comes; may be NULL. */
	void (*output)(void *arg, int stream, const char *data, size_t len);
	/* A created or changed file; fd belongs to the callee; may be NULL. */
	void (*file)(void *arg, const char *path, uint64_t size, int fd);
	/* Last, once, from the loop or from run_abandon(): the result, or why
	 * Coop failed before the program's first instruction. */
	void (*ended)(void *arg, struct result *r, const struct err *err);
};

/* Takes `req` over, also on failure. The box is borrowed until `ended`. */
int run_start(struct run **out, struct run_box *b, struct request *req,
	      const struct run_events *ev, struct err *err);

/* `ended` comes soon, as cancelled. */
void run_cancel(struct run *r);

/* `ended` comes now: the box is about to be destroyed. */
void run_abandon(struct run *r);

/* In or after `ended`. NULL is fine. */
void run_destroy(struct run *r);
