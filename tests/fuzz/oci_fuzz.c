/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Docker or OCI seccomp file: as a profile it never allows what no rule of
 * the file allows, nothing hostile, and the text of it is a profile that loads
 * with the same verdicts.
 */
#include "executor/profile/oci_profile.h"

#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/hostile.h"
#include "executor/profile/profile.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define TEXT_MAX (256 * 1024)

static const char parent[] =
	"version = 1\n[limits]\ntime = 1s\nmemory = 2M\nprocesses = 1\n"
	"output = 1M\ndisk = 1M\nfiles = 1\nopen_files = 1\nstack = 1M\n"
	"cpus = 1\n[syscalls]\nallow = read\n";

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_file("profiles/parent.conf", parent, strlen(parent));
	fuzz_file("syscalls/none.list", "", 0);
	return 0;
}

static bool somebody_allows(const struct oci_seccomp *s, const char *name)
{
	if (s->otherwise.action == OCI_ALLOW || s->otherwise.action == OCI_LOG)
		return true;
	for (size_t i = 0; i < s->rule_count; i++)
		if (str_equal(s->rules[i].name, name) &&
		    (s->rules[i].answer.action == OCI_ALLOW ||
		     s->rules[i].answer.action == OCI_LOG))
			return true;
	return false;
}

static void check_calls(const struct oci_profile *p,
			const struct oci_seccomp *s)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct oci_call *c = &p->calls[i];

		FUZZ_CHECK(!i || strcmp(p->calls[i - 1].name, c->name) < 0);
		if (c->is.verdict != SYSCALL_ALLOW)
			continue;
		FUZZ_CHECK(!hostile_find(c->name));
		FUZZ_CHECK(somebody_allows(s, c->name));
	}
}

static enum syscall_verdict loaded(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->syscall_count; i++)
		if (str_equal(p->syscalls[i].name, name))
			return p->syscalls[i].verdict;
	return SYSCALL_ENOSYS;
}

/* A profile of nothing but ENOSYS is refused: no program could run by it. */
static bool says_something(const struct oci_profile *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->calls[i].is.verdict != SYSCALL_ENOSYS &&
		    !hostile_find(p->calls[i].name))
			return true;
	return false;
}

static void check_text(const struct oci_profile *p)
{
	struct oci_text t = { "file.json", "parent", "of a fuzzer" };
	struct profile *back = NULL;
	struct err err = { 0 };
	struct buf text;

	buf_init(&text, TEXT_MAX);
	oci_profile_losses(p, "x: ", &text);
	FUZZ_CHECK(str_utf8_valid(text.data, text.len));
	buf_clear(&text);
	oci_profile_format(p, &t, &text);
	FUZZ_CHECK(!text.overflow);
	fuzz_file("profiles/fuzz.conf", text.data, text.len);
	if (!says_something(p)) {
		buf_finish(&text);
		return;
	}
	profile_load(&back, fuzz_folder(), "fuzz", &err);
	FUZZ_SAME(err.text, "");
	/* hostile ones need not be named: filters refuse them anyhow */
	for (size_t i = 0; i < p->count; i++)
		FUZZ_CHECK(loaded(back, p->calls[i].name) ==
				   p->calls[i].is.verdict ||
			   hostile_find(p->calls[i].name));
	profile_destroy(back);
	buf_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct oci_machine m = { "amd64", 6, 1 };
	char *text = fuzz_text(data, size);
	struct json *j = json_parse(text, size, OCI_FILE_MAX, NULL);
	struct oci_seccomp s = { .rules = NULL };
	struct oci_profile p = { .calls = NULL };
	struct err err = { 0 };

	if (j && oci_seccomp_read(&s, j, &m, &err) < 0) {
		fuzz_check_err(&err);
		FUZZ_CHECK(!*err.field || *err.field == '/');
	} else if (j) {
		oci_profile_make(&p, &s);
		check_calls(&p, &s);
		check_text(&p);
		oci_profile_finish(&p);
		oci_seccomp_finish(&s);
	}
	json_destroy(j);
	mem_free(text);
	return j ? 0 : -1;
}
