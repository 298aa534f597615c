/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * From one stack to another. Three variants, one of which is compiled:
 * switch_x86_64.S, switch_aarch64.S, and switch_ucontext.c for other CPUs or
 * by -DFIBER_UCONTEXT. Knows neither fibers nor sanitizers.
 */
#include <stddef.h>

#if defined(__x86_64__) && !defined(FIBER_UCONTEXT)
#define SWITCH_X86_64 1
#elif defined(__aarch64__) && !defined(FIBER_UCONTEXT)
#define SWITCH_AARCH64 1
#else
#define SWITCH_UCONTEXT 1
#endif

typedef void switch_fn(void *arg); /* never returns */

/*
 * Prepares the stack [low, low + size) so that the first switch to it calls
 * fn(arg). Returns the `to` of that switch.
 */
void *switch_prepare(char *low, size_t size, switch_fn *fn, void *arg);

/*
 * Keeps what a callee must keep on the present stack, sets *save to the place,
 * and goes on where `to` was kept. Returns when somebody switches to *save.
 * The signal mask is not switched by the assembler variants.
 */
void switch_swap(void **save, void *to);
