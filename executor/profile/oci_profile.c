/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks for the verdict of every call and words the answers. What a call's
 * number is, and which exist, only libseccomp knows.
 */
#include "executor/profile/oci_profile.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/hostile.h"

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#define NUMBERS 1024 /* calls are numbered from 0; Linux 6.18 has 470 */
#define COLUMNS 92

const char *oci_profile_arch(void)
{
	switch (seccomp_arch_native()) {
	case SCMP_ARCH_X86_64:
		return "amd64";
	case SCMP_ARCH_AARCH64:
		return "arm64";
	case SCMP_ARCH_RISCV64:
		return "riscv64";
	default:
		return NULL;
	}
}

static int by_name(const void *a, const void *b)
{
	const struct oci_call *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* What nobody names is ENOSYS in a profile, so it need not be said there; a call
 * that the file refuses by EPERM without naming it is. */
static void add_calls(struct oci_profile *p, const struct oci_seccomp *s)
{
	p->calls = mem_zero(NUMBERS, sizeof(*p->calls));
	for (int nr = 0; nr < NUMBERS; nr++) {
		char *name = seccomp_syscall_resolve_num_arch(
			seccomp_arch_native(), nr);

		if (!name)
			continue;
		p->calls[p->count++] = (struct oci_call){
			.name = mem_strdup(name),
			.is = oci_verdict_of(s, name),
		};
		free(name); /* libseccomp's */
	}
	qsort(p->calls, p->count, sizeof(*p->calls), by_name);
}

static bool has_unknown(const struct oci_profile *p, const char *name)
{
	for (size_t i = 0; i < p->unknown_count; i++)
		if (str_equal(p->unknown[i], name))
			return true;
	return false;
}

static void add_unknown(struct oci_profile *p, const struct oci_seccomp *s)
{
	for (size_t i = 0; i < s->rule_count; i++) {
		const char *name = s->rules[i].name;

		if (seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR ||
		    has_unknown(p, name))
			continue;
		p->unknown = mem_resize(p->unknown, p->unknown_count + 1,
					sizeof(*p->unknown));
		p->unknown[p->unknown_count++] = mem_strdup(name);
	}
}

void oci_profile_make(struct oci_profile *out, const struct oci_seccomp *s)
{
	*out = (struct oci_profile){
		.has_foreign_abi = s->has_foreign_abi,
		.has_extras = s->has_extras,
		.otherwise = s->otherwise,
	};
	add_calls(out, s);
	add_unknown(out, s);
}

void oci_profile_finish(struct oci_profile *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++)
		mem_free(p->calls[i].name);
	for (size_t i = 0; i < p->unknown_count; i++)
		mem_free(p->unknown[i]);
	mem_free(p->calls);
	mem_free(p->unknown);
	*p = (struct oci_profile){ 0 };
}

/* Words after `head`, in lines that each begin with `head`. */
struct lines {
	struct buf *out;
	const char *head;
	size_t column; /* 0: no line is begun */
};

static void add_word(struct lines *l, const char *word)
{
	size_t len = strlen(word);

	if (l->column && l->column + 1 + len > COLUMNS) {
		buf_putc(l->out, '\n');
		l->column = 0;
	}
	if (!l->column) {
		buf_puts(l->out, l->head);
		l->column = strlen(l->head);
	}
	buf_printf(l->out, " %s", word);
	l->column += 1 + len;
}

static void end_lines(struct lines *l)
{
	if (l->column)
		buf_putc(l->out, '\n');
}

static void format_calls(const struct oci_profile *p, enum syscall_verdict v,
			 const char *head, struct buf *out)
{
	struct lines l = { .out = out, .head = head };

	for (size_t i = 0; i < p->count; i++)
		if (p->calls[i].is.verdict == v &&
		    !hostile_find(p->calls[i].name))
			add_word(&l, p->calls[i].name);
	end_lines(&l);
}

/* Comments have no continuation and an end. */
static void format_losses(const struct oci_profile *p, struct buf *out)
{
	struct buf text;
	char *rest, *line, *word;

	buf_init(&text, OCI_FILE_MAX);
	oci_profile_losses(p, "- ", &text);
	rest = text.data;
	while ((line = strsep(&rest, "\n"))) {
		struct lines l = { .out = out, .head = "#" };

		while ((word = str_word(&line)))
			add_word(&l, word);
		end_lines(&l);
	}
	buf_finish(&text);
}

void oci_profile_format(const struct oci_profile *p, const struct oci_text *t,
			struct buf *out)
{
	buf_printf(out,
		   "# System calls of %s, read for %s and a program without\n"
		   "# capabilities by import-seccomp. What stands nowhere here "
		   "is ENOSYS.\n",
		   t->source, oci_profile_arch());
	format_losses(p, out);
	buf_printf(out,
		   "version = 1\n\n[profile]\ninherit = %s\nsummary = %s\n\n"
		   "[syscalls]\n# none of the parent's\ninherit = no\n",
		   t->inherit, t->summary);
	format_calls(p, SYSCALL_ALLOW, "allow =", out);
	format_calls(p, SYSCALL_EPERM, "eperm =", out);
}

static void add_detail(const struct oci_call *c, struct buf *out)
{
	if (c->is.loss == OCI_NARROWER)
		buf_printf(out, " (%s)", oci_verdict_limit(c->name));
	else if (c->is.by_default)
		buf_puts(out, " (by default)");
	else if (c->is.loss == OCI_ERRNO_LOST)
		buf_printf(out, " (%u)", c->is.answer.err_no);
	else if (c->is.loss == OCI_ACTION_LOST)
		buf_printf(out, " (%s)", oci_action_name(c->is.answer.action));
	else if (c->is.loss == OCI_MIXED)
		buf_printf(out, " (/syscalls/%u)", c->is.entry);
}

static const struct loss_row {
	enum oci_loss loss;
	const char *words;
} losses[] = {
	{ OCI_HOSTILE,
	  "refused: hostile families, which no profile can allow" },
	{ OCI_MIXED, "refused: the file allows them for some arguments only, "
		     "or contradicts itself" },
	{ OCI_NARROWER, "allowed for fewer arguments" },
	{ OCI_ERRNO_LOST, "refused by EPERM instead of another errno" },
	{ OCI_ACTION_LOST, "refused by EPERM instead of another action" },
	{ OCI_LOG_LOST, "allowed, but not logged" },
};

/* What the default loses is said once, not for each call. */
static bool is_told(const struct oci_call *c, enum oci_loss loss)
{
	return c->is.loss == loss &&
	       !(c->is.by_default &&
		 (loss == OCI_ERRNO_LOST || loss == OCI_ACTION_LOST ||
		  loss == OCI_LOG_LOST));
}

static void tell_calls(const struct oci_profile *p, const struct loss_row *row,
		       const char *prefix, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < p->count; i++) {
		const struct oci_call *c = &p->calls[i];

		if (!is_told(c, row->loss))
			continue;
		if (any)
			buf_puts(out, ", ");
		else
			buf_printf(out, "%s%s: ", prefix, row->words);
		buf_puts(out, c->name);
		add_detail(c, out);
		any = true;
	}
	if (any)
		buf_putc(out, '\n');
}

static void tell_default(const struct oci_profile *p, const char *prefix,
			 struct buf *out)
{
	enum oci_action action = p->otherwise.action;
	unsigned e = p->otherwise.err_no;

	if (action == OCI_ERRNO && e != EPERM && e != ENOSYS)
		buf_printf(out, "%sthe default errno %u is EPERM here\n",
			   prefix, e);
	else if (action == OCI_ALLOW || action == OCI_LOG)
		buf_printf(out,
			   "%sthe default action %s: all calls that are known "
			   "now are listed, later ones are ENOSYS\n",
			   prefix, oci_action_name(action));
	else if (action != OCI_ERRNO)
		buf_printf(out, "%sthe default action %s is EPERM here\n",
			   prefix, oci_action_name(action));
}

void oci_profile_losses(const struct oci_profile *p, const char *prefix,
			struct buf *out)
{
	tell_default(p, prefix, out);
	for (size_t i = 0; i < ARRAY_LEN(losses); i++)
		tell_calls(p, &losses[i], prefix, out);
	if (p->unknown_count) {
		buf_printf(out, "%sleft out: not known to libseccomp:", prefix);
		for (size_t i = 0; i < p->unknown_count; i++)
			buf_printf(out, "%s %s", i ? "," : "", p->unknown[i]);
		buf_putc(out, '\n');
	}
	if (p->has_foreign_abi)
		buf_printf(out,
			   "%srefused: calls of other interfaces (32 bit, x32) "
			   "that the file lists as architectures\n",
			   prefix);
	if (p->has_extras)
		buf_printf(out,
			   "%sleft out: flags and listenerPath, which a box "
			   "does not have\n",
			   prefix);
}
