/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules are tried against what is known of the arguments: nothing, for most
 * calls, or one set of arguments after the other that filter.c would allow. A
 * condition then holds, does not, or may; what only may hold cannot be said in a
 * profile and is refused.
 */
#include "executor/profile/oci_verdict.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/hostile.h"

#include <errno.h>
#include <sched.h>
#include <sys/socket.h>

/* args[0] & mask == value; mask 0: nothing is known. */
struct known {
	uint64_t mask, value;
};

#define KNOWN_MAX 3
#define NAMESPACES                                                             \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |         \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define JUST(value)                                                            \
	{                                                                      \
		UINT64_MAX, value                                              \
	}

/*
 * The special rows of filter.c. personality(-1) asks, whatever stands in the
 * upper half of the register: the kernel takes 32 bits of it.
 */
static const struct limit {
	const char *name, *words;
	struct known known[KNOWN_MAX];
	size_t count;
} limits[] = {
	{ "clone", "without namespace flags only", { { NAMESPACES, 0 } }, 1 },
	{ "socket",
	  "for unix, inet and inet6 only",
	  { JUST(AF_UNIX), JUST(AF_INET), JUST(AF_INET6) },
	  3 },
	{ "socketpair",
	  "for unix, inet and inet6 only",
	  { JUST(AF_UNIX), JUST(AF_INET), JUST(AF_INET6) },
	  3 },
	{ "prlimit64", "for the process itself only", { JUST(0) }, 1 },
	{ "personality",
	  "for asking and PER_LINUX only",
	  { JUST(0), JUST(0xffffffff) },
	  2 },
	{ "ioctl", "without TIOCSTI and TIOCLINUX", { { 0, 0 } }, 1 },
};

static const struct limit whole = { .known = { { 0, 0 } }, .count = 1 };

static const struct limit *limit_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (str_equal(limits[i].name, name))
			return &limits[i];
	return &whole;
}

const char *oci_verdict_limit(const char *name)
{
	return limit_of(name)->words;
}

enum truth { NO, MAYBE, YES };

static enum truth negate(enum truth t)
{
	return t == MAYBE ? MAYBE : t == YES ? NO : YES;
}

static enum truth masked(const struct known *k, uint64_t mask, uint64_t value)
{
	if (value & ~mask)
		return MAYBE; /* libraries differ: never, or without them */
	if ((k->value & mask & k->mask) != (value & k->mask))
		return NO;
	return mask & ~k->mask ? MAYBE : YES;
}

static enum truth ordered(const struct known *k, const struct oci_condition *c)
{
	bool holds;

	if (k->mask != UINT64_MAX)
		return MAYBE;
	switch (c->op) {
	case OCI_LT:
		holds = k->value < c->value;
		break;
	case OCI_LE:
		holds = k->value <= c->value;
		break;
	case OCI_GT:
		holds = k->value > c->value;
		break;
	default:
		holds = k->value >= c->value;
		break;
	}
	return holds ? YES : NO;
}

static enum truth condition(const struct known *first,
			    const struct oci_condition *c)
{
	static const struct known nothing;
	const struct known *k = c->index == 0 ? first : &nothing;

	switch (c->op) {
	case OCI_EQ:
		return masked(k, UINT64_MAX, c->value);
	case OCI_NE:
		return negate(masked(k, UINT64_MAX, c->value));
	case OCI_MASKED_EQ:
		return masked(k, c->value, c->value_two);
	default:
		return ordered(k, c);
	}
}

static enum truth applies(const struct oci_rule *rule, const struct known *k)
{
	enum truth all = YES;

	for (size_t i = 0; i < rule->arg_count; i++) {
		enum truth one = condition(k, &rule->args[i]);

		if (one < all)
			all = one;
	}
	return all;
}

static bool same(const struct oci_answer *a, const struct oci_answer *b)
{
	return a->action == b->action && a->err_no == b->err_no;
}

/* What is certain under `k`: out->loss is OCI_MIXED when nothing is. */
static void decide(const struct oci_seccomp *s, const char *name,
		   const struct known *k, struct oci_verdict *out)
{
	bool sure = false, differ = false, any = false;

	*out = (struct oci_verdict){ .answer = s->otherwise,
				     .by_default = true };
	for (size_t i = 0; i < s->rule_count; i++) {
		const struct oci_rule *rule = &s->rules[i];
		enum truth t;

		if (!str_equal(rule->name, name))
			continue;
		t = applies(rule, k);
		if (t == NO)
			continue;
		differ |= any && !same(&rule->answer, &out->answer);
		sure |= t == YES;
		if (!any || differ) {
			out->answer = rule->answer;
			out->entry = rule->entry;
			out->by_default = false;
		}
		any = true;
	}
	/* no rule repeats the default, so what only may hold is a difference */
	if (differ || (any && !sure))
		out->loss = OCI_MIXED;
}

static bool allows(const struct oci_answer *a)
{
	return a->action == OCI_ALLOW || a->action == OCI_LOG;
}

/* The answer as a profile says it, and what that loses. */
static void translate(struct oci_verdict *v)
{
	switch (v->answer.action) {
	case OCI_ALLOW:
	case OCI_LOG:
		v->verdict = SYSCALL_ALLOW;
		if (v->answer.action == OCI_LOG && v->loss == OCI_SAME)
			v->loss = OCI_LOG_LOST;
		return;
	case OCI_ERRNO:
		v->verdict = v->answer.err_no == ENOSYS ? SYSCALL_ENOSYS
							: SYSCALL_EPERM;
		if (v->answer.err_no != ENOSYS && v->answer.err_no != EPERM &&
		    v->loss == OCI_SAME)
			v->loss = OCI_ERRNO_LOST;
		return;
	default:
		v->verdict = SYSCALL_EPERM;
		if (v->loss == OCI_SAME)
			v->loss = OCI_ACTION_LOST;
	}
}

/* Whether one condition says exactly what is known. */
static bool is_exactly(const struct oci_condition *c, const struct known *k)
{
	if (c->index != 0)
		return false;
	if (c->op == OCI_MASKED_EQ)
		return c->value == k->mask && c->value_two == k->value;
	return c->op == OCI_EQ && k->mask == UINT64_MAX && c->value == k->value;
}

/* Whether the file allows the call at all, for some arguments. */
static bool may_allow(const struct oci_seccomp *s, const char *name)
{
	for (size_t i = 0; i < s->rule_count; i++)
		if (allows(&s->rules[i].answer) &&
		    str_equal(s->rules[i].name, name))
			return true;
	return allows(&s->otherwise);
}

/* Whether the file allows the call for nothing but what the box does. */
static bool is_exact(const struct oci_seccomp *s, const char *name,
		     const struct limit *limit)
{
	if (allows(&s->otherwise))
		return false;
	for (size_t i = 0; i < s->rule_count; i++) {
		const struct oci_rule *rule = &s->rules[i];
		bool exact = false;

		if (!str_equal(rule->name, name) || !allows(&rule->answer))
			continue;
		for (size_t k = 0; k < limit->count && rule->arg_count == 1;
		     k++)
			exact |= is_exactly(&rule->args[0], &limit->known[k]);
		if (!exact)
			return false;
	}
	return true;
}

/* Not to be said in a profile: refused, as the file refuses in general. */
static void refuse(const struct oci_seccomp *s, struct oci_verdict *v)
{
	v->verdict = s->otherwise.action == OCI_ERRNO &&
				     s->otherwise.err_no == ENOSYS
			     ? SYSCALL_ENOSYS
			     : SYSCALL_EPERM;
	v->loss = OCI_MIXED;
}

/* Every set of arguments that the box would allow must get one answer. */
static struct oci_verdict combine(const struct oci_seccomp *s, const char *name,
				  const struct limit *limit)
{
	struct oci_verdict v, one;

	decide(s, name, &limit->known[0], &v);
	for (size_t i = 1; i < limit->count && v.loss != OCI_MIXED; i++) {
		decide(s, name, &limit->known[i], &one);
		if (one.loss == OCI_MIXED || !same(&one.answer, &v.answer))
			v.loss = OCI_MIXED;
		if (v.by_default) {
			v.by_default = one.by_default;
			v.entry = one.entry;
		}
	}
	return v;
}

struct oci_verdict oci_verdict_of(const struct oci_seccomp *s, const char *name)
{
	const struct hostile_row *hostile = hostile_find(name);
	const struct limit *limit = limit_of(name);
	struct oci_verdict v = combine(s, name, limit);

	if (hostile) {
		v.verdict = hostile->verdict;
		v.loss = v.loss == OCI_MIXED || allows(&v.answer) ? OCI_HOSTILE
								  : OCI_SAME;
		return v;
	}
	if (v.loss == OCI_MIXED) {
		refuse(s, &v);
		return v;
	}
	translate(&v);
	if (v.verdict == SYSCALL_ALLOW && limit->words &&
	    !is_exact(s, name, limit))
		v.loss = OCI_NARROWER;
	if (v.verdict != SYSCALL_ALLOW && limit->words && may_allow(s, name))
		v.loss = OCI_MIXED; /* only for what no box may */
	return v;
}
