/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker and OCI seccomp files as rules: which hold on a machine, and what is
 * wrong is told by JSON pointer. What the rules come to is oci_profile_test's.
 */
#include "executor/profile/oci_seccomp.h"

#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

#include <string.h>

#ifdef __x86_64__
#define GOARCH "amd64"
#else
#define GOARCH "arm64"
#endif

static const struct oci_machine machine = { GOARCH, 6, 1 };

/* Whether a rule with these filters holds on a kernel. */
static const struct filter_row {
	const char *filters;
	unsigned major, minor;
	bool holds;
} filters[] = {
	{ "", 6, 1, true },
	{ ",\"includes\":{},\"excludes\":null", 6, 1, true },
	{ ",\"includes\":{\"minKernel\":\"4.8\"}", 4, 8, true },
	{ ",\"includes\":{\"minKernel\":\"4.8\"}", 4, 7, false },
	{ ",\"includes\":{\"minKernel\":\"4.8\"}", 5, 0, true },
	{ ",\"includes\":{\"minKernel\":\"5.0\"}", 4, 20, false },
	{ ",\"excludes\":{\"minKernel\":\"4.8\"}", 4, 8, false },
	{ ",\"excludes\":{\"minKernel\":\"4.8\"}", 4, 7, true },
	{ ",\"includes\":{\"minKernel\":\"\"}", 4, 7, true },
	{ ",\"includes\":{\"caps\":[\"CAP_BPF\"]}", 6, 1, false },
	{ ",\"includes\":{\"caps\":[]}", 6, 1, true },
	{ ",\"excludes\":{\"caps\":[\"CAP_BPF\"]}", 6, 1, true },
	{ ",\"includes\":{\"arches\":[\"s390\",\"" GOARCH "\"]}", 6, 1, true },
	{ ",\"includes\":{\"arches\":[\"s390\"]}", 6, 1, false },
	{ ",\"excludes\":{\"arches\":[\"" GOARCH "\"]}", 6, 1, false },
	{ ",\"excludes\":{\"arches\":[\"s390\"]}", 6, 1, true },
	{ ",\"includes\":{\"arches\":[\"" GOARCH "\"],\"minKernel\":\"9.0\"}",
	  6, 1, false },
};

static void filters_of_rules(void)
{
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		const struct filter_row *row = &filters[i];
		struct oci_machine m = { GOARCH, row->major, row->minor };
		_auto_free_ char *text = mem_printf(
			"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{"
			"\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"%s"
			"}]}",
			row->filters);
		struct json *json = json_parse(text, strlen(text), 4096, NULL);
		struct oci_seccomp rules;

		REQUIRE(json != NULL);
		REQUIRE(oci_seccomp_read(&rules, json, &m, NULL) == 0);
		if (!CHECK_INT(rules.rule_count, row->holds))
			tap_note("%s", text);
		oci_seccomp_finish(&rules);
		json_destroy(json);
	}
}

#define RULE(rest)                                                             \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":["     \
	"\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},{" rest "}]}"
#define FILE_WITH(rest) "{\"defaultAction\":\"SCMP_ACT_ERRNO\"," rest "}"
#define ALLOW_READ "\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\""

static const struct fault {
	const char *text, *pointer, *says;
} faults[] = {
	{ "[]", "", "no object" },
	{ "{}", "/defaultAction", "missing" },
	{ "{\"defaultAction\":\"ALLOW\"}", "/defaultAction", "no action" },
	{ "{\"defaultAction\":3}", "/defaultAction", "missing" },
	{ FILE_WITH("\"syscall\":[]"), "/syscall", "no such key" },
	{ FILE_WITH("\"syscalls\":{}"), "/syscalls", "no list" },
	{ FILE_WITH("\"syscalls\":[1]"), "/syscalls/0", "no object" },
	{ FILE_WITH("\"defaultErrnoRet\":-1"), "/defaultErrnoRet",
	  "no integer" },
	{ FILE_WITH("\"defaultErrnoRet\":4096"), "/defaultErrnoRet",
	  "over 4095" },
	{ FILE_WITH("\"defaultErrno\":\"ENONE\""), "/defaultErrno", "errno" },
	{ FILE_WITH("\"archMap\":[{\"arch\":1}]"), "/archMap/0/arch", "key" },
	{ FILE_WITH("\"archMap\":[{\"subArchitectures\":[1]}]"),
	  "/archMap/0/subArchitectures/0", "no string" },
	{ FILE_WITH("\"architectures\":[\"a\"],\"archMap\":[{}]"), "/archMap",
	  "exclude" },
	{ RULE("\"names\":[\"read\"]"), "/syscalls/1/action", "missing" },
	{ RULE("\"names\":\"read\",\"action\":\"SCMP_ACT_ALLOW\""),
	  "/syscalls/1/names", "no list" },
	{ RULE("\"names\":[\"a\",2],\"action\":\"SCMP_ACT_ALLOW\""),
	  "/syscalls/1/names/1", "no string" },
	{ RULE("\"names\":[\"a b\"],\"action\":\"SCMP_ACT_ALLOW\""),
	  "/syscalls/1/names", "no system call" },
	{ RULE(ALLOW_READ ",\"names\":[\"write\"]"), "/syscalls/1/name",
	  "exclude" },
	{ RULE(ALLOW_READ ",\"arg\":[]"), "/syscalls/1/arg", "no such key" },
	{ RULE(ALLOW_READ ",\"args\":[{\"op\":\"SCMP_CMP_XX\"}]"),
	  "/syscalls/1/args/0/op", "operator" },
	{ RULE(ALLOW_READ ",\"args\":[{\"index\":6,\"op\":\"SCMP_CMP_EQ\"}]"),
	  "/syscalls/1/args/0/index", "6 arguments" },
	{ RULE(ALLOW_READ ",\"args\":[{\"op\":\"SCMP_CMP_EQ\"},{\"value\":1.5,"
			  "\"op\":\"SCMP_CMP_EQ\"}]"),
	  "/syscalls/1/args/1/value", "no integer" },
	{ RULE(ALLOW_READ ",\"args\":[{\"op\":\"SCMP_CMP_EQ\",\"mask\":1}]"),
	  "/syscalls/1/args/0/mask", "no such key" },
	{ RULE(ALLOW_READ ",\"args\":[{},{},{},{},{},{},{}]"),
	  "/syscalls/1/args", "more than 6" },
	{ RULE(ALLOW_READ ",\"includes\":{\"cap\":[]}"),
	  "/syscalls/1/includes/cap", "no such key" },
	{ RULE(ALLOW_READ ",\"excludes\":{\"minKernel\":\"new\"}"),
	  "/syscalls/1/excludes/minKernel", "4.8" },
	{ RULE(ALLOW_READ ",\"excludes\":{\"minKernel\":4.8}"),
	  "/syscalls/1/excludes/minKernel", "4.8" },
	{ RULE(ALLOW_READ ",\"errnoRet\":\"EPERM\""), "/syscalls/1/errnoRet",
	  "no integer" },
	{ RULE(ALLOW_READ ",\"errno\":1"), "/syscalls/1/errno", "errno" },
	/* a rule that does not hold here is looked at all the same */
	{ RULE(ALLOW_READ ",\"includes\":{\"caps\":[\"CAP_BPF\"]},\"args\":[{"
			  "}]"),
	  "/syscalls/1/args/0/op", "operator" },
};

static void faults_are_told_by_pointer(void)
{
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		const struct fault *f = &faults[i];
		struct json *json = json_parse(f->text, strlen(f->text), 4096,
					       NULL);
		struct oci_seccomp rules = { 0 };
		struct err err = { 0 };

		REQUIRE(json != NULL);
		if (!CHECK(oci_seccomp_read(&rules, json, &machine, &err) <
			   0) ||
		    !CHECK(str_equal(err.field, f->pointer)) ||
		    !CHECK(strstr(err.text, f->says)) ||
		    !CHECK(rules.rules == NULL))
			tap_note("%s\n#   %s: %s", f->text, err.field,
				 err.text);
		json_destroy(json);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(filters_of_rules),
		TEST(faults_are_told_by_pointer),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
