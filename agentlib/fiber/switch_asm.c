/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first frame of a stack for the assembler variants: what switch_swap() of
 * switch_x86_64.S or switch_aarch64.S finds there, lowest address first.
 */
#include "agentlib/fiber/switch.h"
#include <stdint.h>
#include <string.h>

#ifdef SWITCH_X86_64
struct switch_frame {
	uint32_t mxcsr;
	uint16_t x87_control;
	uint16_t unused;
	void *r15, *r14;
	void *arg;     /* r13 */
	switch_fn *fn; /* r12 */
	void *rbx, *rbp;
	const void *start;
	void *end[2]; /* zero, and the call in switch_start is aligned */
};

/* All exceptions masked, round to nearest, as a process begins. */
#define SWITCH_FRAME                                                           \
	{                                                                      \
		.mxcsr = 0x1f80, .x87_control = 0x037f                         \
	}
#endif

#ifdef SWITCH_AARCH64
struct switch_frame {
	switch_fn *fn; /* x19 */
	void *arg;     /* x20 */
	void *x21_to_x28[8];
	void *x29;
	const void *start; /* x30 */
	double d8_to_d15[8];
};

#define SWITCH_FRAME                                                           \
	{                                                                      \
		0                                                              \
	}
#endif

#ifndef SWITCH_UCONTEXT
extern const char switch_start[] __attribute__((visibility("hidden")));

void *switch_prepare(char *low, size_t size, switch_fn *fn, void *arg)
{
	static const struct switch_frame empty = SWITCH_FRAME;
	uintptr_t top = ((uintptr_t)low + size) & ~(uintptr_t)15;
	struct switch_frame *f =
		(struct switch_frame *)(top - sizeof(struct switch_frame));

	memcpy(f, &empty, sizeof(*f));
	f->fn = fn;
	f->arg = arg;
	f->start = switch_start;
	return f;
}
#endif
