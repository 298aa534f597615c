/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch for every other CPU, by libc's contexts: slower (two system calls
 * for the signal mask), but nothing to port. A context lies in the frame that
 * is parked, so callers need to keep one pointer only, as with the assembler.
 */
#include "agentlib/fiber/switch.h"

#ifdef SWITCH_UCONTEXT
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

/* makecontext() passes ints only, hence pointers in halves. */
static void switch_start(unsigned fn_high, unsigned fn_low, unsigned arg_high,
			 unsigned arg_low)
{
	uint64_t fn = (uint64_t)fn_high << 32 | fn_low;
	uint64_t arg = (uint64_t)arg_high << 32 | arg_low;

	((switch_fn *)(uintptr_t)fn)((void *)(uintptr_t)arg);
}

void *switch_prepare(char *low, size_t size, switch_fn *fn, void *arg)
{
	uintptr_t top = ((uintptr_t)low + size) & ~(uintptr_t)63;
	ucontext_t *c = (ucontext_t *)((top - sizeof(*c)) & ~(uintptr_t)63);
	uint64_t f = (uintptr_t)fn, a = (uintptr_t)arg;

	memset(c, 0, sizeof(*c));
	getcontext(c);
	c->uc_stack.ss_sp = low;
	c->uc_stack.ss_size = (size_t)((char *)c - low);
	makecontext(c, (void (*)(void))(uintptr_t)switch_start, 4,
		    (unsigned)(f >> 32), (unsigned)f, (unsigned)(a >> 32),
		    (unsigned)a);
	return c;
}

void switch_swap(void **save, void *to)
{
	ucontext_t here;

	/* AddressSanitizer looks at the stack named by a context it enters. */
	memset(&here.uc_stack, 0, sizeof(here.uc_stack));
	*save = &here;
	swapcontext(&here, to);
}
#endif
