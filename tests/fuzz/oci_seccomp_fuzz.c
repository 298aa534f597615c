/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker and OCI seccomp files: what is read becomes a profile that loads, with
 * exactly the verdicts that were decided; what is not read says where.
 * fuzz-options: -max_len=4096
 */
#include "executor/profile/oci_profile.h"

#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/str.h"
#include "executor/profile/hostile.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static const struct oci_machine machine = { "amd64", 6, 1 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char parent[] =
		"version = 1\n[limits]\ntime = 1\nmemory = 1\nprocesses = 1\n"
		"output = 1\ndisk = 1\nfiles = 1\nopen_files = 1\nstack = 1\n"
		"cpus = 1\n[syscalls]\nallow = io_setup\n";

	fuzz_file("profiles/default.conf", parent, sizeof(parent) - 1);
	return 0;
}

static const struct profile_syscall *find(const struct profile *p,
					  const char *name)
{
	for (size_t i = 0; i < p->syscall_count; i++)
		if (str_equal(p->syscalls[i].name, name))
			return &p->syscalls[i];
	return NULL;
}

static void check_call(const struct oci_call *c, const struct profile *p)
{
	const struct profile_syscall *s = find(p, c->name);

	if (hostile_find(c->name)) {
		FUZZ_CHECK(!s && c->is.verdict != SYSCALL_ALLOW);
		return;
	}
	FUZZ_CHECK(c->is.loss != OCI_MIXED || c->is.verdict != SYSCALL_ALLOW);
	FUZZ_CHECK((s ? s->verdict : SYSCALL_ENOSYS) == c->is.verdict);
}

static void check_profile(const struct oci_profile *is)
{
	static const struct oci_text words = { "a", "default", "b" };
	struct profile *p = NULL;
	struct err err = { 0 };
	struct buf text;

	buf_init(&text, 1024 * 1024);
	oci_profile_format(is, &words, &text);
	FUZZ_CHECK(!text.overflow);
	fuzz_file("profiles/fuzz.conf", text.data, text.len);
	buf_finish(&text);
	if (profile_load(&p, fuzz_folder(), "fuzz", &err) < 0) {
		/* one that allows nothing at all is no profile */
		FUZZ_SAME(err.text, "the profile allows no system calls");
		return;
	}
	for (size_t i = 0; i < is->count; i++)
		check_call(&is->calls[i], p);
	profile_destroy(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = fuzz_copy(data, size);
	struct json *json = json_parse(exact, size, OCI_FILE_MAX, NULL);
	struct oci_profile is;
	struct oci_seccomp s;
	struct err err = { 0 };

	free(exact);
	if (!json)
		return -1;
	if (oci_seccomp_read(&s, json, &machine, &err) < 0) {
		fuzz_check_err(&err);
		FUZZ_CHECK(!*err.field || *err.field == '/');
	} else {
		oci_profile_make(&is, &s);
		check_profile(&is);
		oci_profile_finish(&is);
		oci_seccomp_finish(&s);
	}
	json_destroy(json);
	return 0;
}
