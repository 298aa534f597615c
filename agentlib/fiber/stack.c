/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mapping a stack: guard, then usable bytes. The guard is 64 KiB because
 * one large frame steps over a page; -fstack-clash-protection makes every frame
 * of ours touch it, -Wframe-larger-than bounds those of others.
 */
#include "agentlib/fiber/stack.h"
#include "agentlib/fiber/annotate.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Linux 6.13; older headers lack it, older kernels answer EINVAL. */
#define STACK_MADV_GUARD 102

#define STACK_GUARD ((size_t)64 << 10)
#define STACK_DEFAULT (((size_t)256 << 10) * ANNOTATE_STACK_FACTOR)

/* Ended stacks hold the pages they touched, so not all are worth keeping. */
#define STACK_KEEP 256

/* Lies at the top of a kept stack, in a page that was touched anyway. */
struct stack_kept {
	struct stack stack;
	struct stack_kept *next;
};

void stack_pool_init(struct stack_pool *p, size_t size, unsigned max)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	memset(p, 0, sizeof(*p));
	if (size == 0)
		size = STACK_DEFAULT;
	p->size = (size + page - 1) / page * page;
	p->max = max;
}

static void stack_unmap(struct stack s)
{
	annotate_unmap(s.valgrind);
	munmap(s.low - STACK_GUARD, s.size + STACK_GUARD);
}

void stack_pool_finish(struct stack_pool *p)
{
	struct stack_kept *k;

	while ((k = p->free)) {
		p->free = k->next;
		stack_unmap(k->stack);
	}
	p->kept = 0;
}

/* PROT_NONE splits the mapping, and mappings are counted (vm.max_map_count);
 * a guard by madvise does not. */
static int stack_guard(struct stack_pool *p, char *map)
{
	if (!p->split_guard) {
		if (madvise(map, STACK_GUARD, STACK_MADV_GUARD) == 0)
			return 0;
		p->split_guard = true;
	}
	return mprotect(map, STACK_GUARD, PROT_NONE);
}

static int stack_map(struct stack_pool *p, struct stack *out, struct err *err)
{
	size_t whole = p->size + STACK_GUARD;
	char *map = mmap(NULL, whole, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
				 MAP_STACK,
			 -1, 0);

	if (map == MAP_FAILED)
		return err_set(err, ERR_TOO_LARGE,
			       "no stack for another fiber: %s",
			       strerror(errno));
	/* Neighbouring stacks become one mapping; a huge page across several
	 * would make each cost megabytes. Kernels without it need no asking. */
	(void)madvise(map, whole, MADV_NOHUGEPAGE);
	if (stack_guard(p, map) != 0) {
		err_set(err, ERR_TOO_LARGE,
			"no guard for another fiber's stack: %s",
			strerror(errno));
		munmap(map, whole);
		return -ERR_TOO_LARGE;
	}
	out->low = map + STACK_GUARD;
	out->size = p->size;
	out->valgrind = annotate_map(out->low, out->size);
	return 0;
}

int stack_take(struct stack_pool *p, struct stack *out, struct err *err)
{
	int rc;

	if (p->taken >= p->max)
		return err_set(err, ERR_TOO_LARGE,
			       "%u fibers are running, more are not allowed",
			       p->taken);
	if (p->free) {
		struct stack_kept *k = p->free;

		p->free = k->next;
		p->kept--;
		*out = k->stack;
	} else if ((rc = stack_map(p, out, err)) < 0) {
		return rc;
	}
	p->taken++;
	annotate_begin(out->low, out->size);
	return 0;
}

void stack_give(struct stack_pool *p, struct stack s)
{
	struct stack_kept *k;

	annotate_end(s.low, s.size);
	p->taken--;
	if (p->kept >= STACK_KEEP) {
		stack_unmap(s);
		return;
	}
	k = (struct stack_kept *)(void *)(s.low + s.size - sizeof(*k));
	k->stack = s;
	k->next = p->free;
	p->free = k;
	p->kept++;
}
