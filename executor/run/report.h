/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * From how a program ended to the result that everybody sees. Copies and
 * converts; the status is the verdict's.
 */
#include "executor/run/run_program.h"
#include "executor/spec/result.h"

struct run_box;

/* Fills what the box says: names, tier, missing walls, limits as enforced. */
void report_place(struct result *r, struct run_box *b);

/* Fills what the program's end says; takes the output out of `p`. */
void report_program(struct result *r, struct run_program_report *p);

/* A run that was cancelled before its program started. */
void report_cancelled(struct result *r);
