/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker and OCI seccomp files become profiles that are never wider: files in
 * the shapes of moby, podman and the runtime specification go through the
 * importer, the profile's parser and the filter, and the result is compared
 * with the file taken by its word (oci_direct.c), call by call and argument by
 * argument. The installed podman's own file is one more, where there is one.
 */
#include "executor/profile/oci_profile.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/filter.h"
#include "executor/profile/hostile.h"
#include "tests/executor/profile/bpf_run.h"
#include "tests/executor/profile/oci_direct.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHAPES "tests/executor/profile/oci/"
#define PODMANS "/usr/share/containers/seccomp.json"
#ifdef __x86_64__
#define ARCH SCMP_ARCH_X86_64
#define GOARCH "amd64"
#else
#define ARCH SCMP_ARCH_AARCH64
#define GOARCH "arm64"
#endif

static const struct oci_machine machine = { GOARCH, 6, 1 };

/* One file on its way. */
struct trip {
	struct json *json;
	struct oci_profile is;
	struct buf text, losses;
	struct filter filter; /* of the profile that came out */
	void *direct;         /* of the file itself */
	size_t direct_len;
};

static char share[64];

static void put(const char *name, const char *text)
{
	_auto_free_ char *path = mem_printf("%s/%s", share, name);
	FILE *f = fopen(path, "w");

	REQUIRE(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* A share folder whose parent allows calls that no child should inherit. */
static void make_share(void)
{
	_auto_free_ char *profiles = NULL;

	snprintf(share, sizeof(share), "/tmp/coop-oci-XXXXXX");
	REQUIRE(mkdtemp(share) != NULL);
	profiles = mem_printf("%s/profiles", share);
	REQUIRE(mkdir(profiles, 0755) == 0);
	put("profiles/default.conf",
	    "version = 1\n[limits]\ntime = 1s\nmemory = 1M\nprocesses = 1\n"
	    "output = 1K\ndisk = 1K\nfiles = 1\nopen_files = 1\nstack = 1M\n"
	    "cpus = 1\n[syscalls]\nallow = io_setup mq_open\n");
}

static void remove_share(void)
{
	static const char *const names[] = { "profiles/default.conf",
					     "profiles/imported.conf",
					     "profiles", "" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		_auto_free_ char *path = mem_printf("%s/%s", share, names[i]);

		remove(path);
	}
}

static struct json *parse(const char *path)
{
	struct err err = { 0 };
	struct json *json;
	struct buf text;

	buf_init(&text, OCI_FILE_MAX);
	REQUIRE(fd_slurp_path(AT_FDCWD, path, &text, &err) == 0);
	json = json_parse(text.data, text.len, OCI_FILE_MAX, &err);
	if (!CHECK(json != NULL))
		tap_note("%s: %s", path, err.text);
	buf_finish(&text);
	return json;
}

static void load_filter(struct trip *t)
{
	struct err err = { 0 };
	struct profile *p;

	put("profiles/imported.conf", t->text.data);
	if (!CHECK(profile_load(&p, share, "imported", &err) == 0)) {
		tap_note("%s: %s\n%s", err.field, err.text, t->text.data);
		tap_end();
	}
	CHECK_STR(p->summary, "a test");
	REQUIRE(filter_build(&t->filter, p, &err) == 0);
	profile_destroy(p);
}

static void travel(struct trip *t, const char *path)
{
	static const struct oci_text words = { "file.json", "default",
					       "a test" };
	struct oci_seccomp rules;
	struct err err = { 0 };

	*t = (struct trip){ .json = parse(path) };
	buf_init(&t->text, OCI_FILE_MAX);
	buf_init(&t->losses, OCI_FILE_MAX);
	if (!CHECK(oci_seccomp_read(&rules, t->json, &machine, &err) == 0)) {
		tap_note("%s: %s", err.field, err.text);
		tap_end();
	}
	oci_profile_make(&t->is, &rules);
	oci_seccomp_finish(&rules);
	oci_profile_format(&t->is, &words, &t->text);
	oci_profile_losses(&t->is, "", &t->losses);
	load_filter(t);
	t->direct = oci_direct(t->json, &t->direct_len);
	REQUIRE(t->direct != NULL);
}

static void arrive(struct trip *t)
{
	json_destroy(t->json);
	oci_profile_finish(&t->is);
	buf_finish(&t->text);
	buf_finish(&t->losses);
	filter_finish(&t->filter);
	mem_free(t->direct);
}

/* Values that rules compare with, and their neighbours. */
static const uint64_t values[] = {
	0,
	1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	9,
	10,
	11,
	15,
	16,
	17,
	38,
	40,
	41,
	0x5401, /* TCGETS */
	0x5412, /* TIOCSTI */
	0x20000,
	0x20008,
	CLONE_NEWUSER,
	CLONE_NEWNET | CLONE_NEWPID | 17,
	CLONE_VM | CLONE_VFORK | 17,
	0xffffffff,
	0x100000000,
};

static bool allows(uint32_t action)
{
	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

/* What must hold for one call with one set of arguments; "" or the fault. */
static const char *judge(const struct oci_call *c, uint32_t ours,
			 uint32_t theirs)
{
	bool limited = oci_verdict_limit(c->name) != NULL;

	if (ours == UINT32_MAX || theirs == UINT32_MAX)
		return "cannot be run";
	if (allows(ours) && !allows(theirs))
		return "is wider than the file";
	if (hostile_find(c->name))
		return allows(ours) ? "is hostile" : "";
	switch (c->is.loss) {
	case OCI_SAME:
		if (limited ? allows(ours) != allows(theirs) : ours != theirs)
			return "differs, and nobody says so";
		return "";
	case OCI_ERRNO_LOST:
	case OCI_ACTION_LOST:
		return ours == (SECCOMP_RET_ERRNO | EPERM) && !allows(theirs)
			       ? ""
			       : "is not EPERM";
	case OCI_LOG_LOST:
		return ours == SECCOMP_RET_ALLOW && theirs == SECCOMP_RET_LOG
			       ? ""
			       : "is not allowed here, logged there";
	case OCI_MIXED:
		return allows(ours) ? "is mixed, yet allowed" : "";
	default:
		return "";
	}
}

static void compare_args(const struct trip *t, const struct oci_call *c,
			 struct seccomp_data *data)
{
	uint32_t ours = bpf_run(t->filter.code, t->filter.len, data);
	uint32_t theirs = bpf_run(t->direct, t->direct_len, data);
	const char *fault = judge(c, ours, theirs);

	if (CHECK(!*fault))
		return;
	tap_note("%s(%#llx, %#llx, %#llx) %s: %#x here, %#x there", c->name,
		 (unsigned long long)data->args[0],
		 (unsigned long long)data->args[1],
		 (unsigned long long)data->args[2], fault, ours, theirs);
	tap_end();
}

/* All pairs of values in every two of the first three arguments. */
static void compare_call(const struct trip *t, const struct oci_call *c)
{
	static const int pairs[][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 } };
	struct seccomp_data data = {
		.nr = seccomp_syscall_resolve_name(c->name),
		.arch = ARCH,
	};
	size_t n = ARRAY_LEN(values);

	for (size_t i = 0; i < ARRAY_LEN(pairs) * n * n; i++) {
		memset(data.args, 0, sizeof(data.args));
		data.args[pairs[i / n / n][0]] = values[i / n % n];
		data.args[pairs[i / n / n][1]] = values[i % n];
		compare_args(t, c, &data);
	}
}

static const struct oci_call *find(const struct trip *t, const char *name)
{
	for (size_t i = 0; i < t->is.count; i++)
		if (str_equal(t->is.calls[i].name, name))
			return &t->is.calls[i];
	return NULL;
}

static void compare(const char *path)
{
	struct trip t;

	travel(&t, path);
	CHECK(t.is.count > 250);
	for (size_t i = 0; i < t.is.count; i++)
		compare_call(&t, &t.is.calls[i]);
	arrive(&t);
}

static const char *const shapes[] = {
	SHAPES "moby.json", SHAPES "podman.json",   SHAPES "oci.json",
	SHAPES "deny.json", SHAPES "families.json",
};

static void no_call_is_wider_or_differs_unsaid(void)
{
	make_share();
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		compare(shapes[i]);
	if (access(PODMANS, R_OK) == 0)
		compare(PODMANS);
	remove_share();
}

/* What must come out, written down by hand. */
static const struct expected {
	const char *shape, *name;
	enum syscall_verdict verdict;
	enum oci_loss loss;
	const char *told; /* among the losses */
} expected[] = {
	{ "moby", "read", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "moby", "mount", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "moby", "clone3", SYSCALL_ENOSYS, OCI_SAME, NULL },
	{ "moby", "clone", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "moby", "ptrace", SYSCALL_EPERM, OCI_HOSTILE, "ptrace" },
	{ "moby", "io_uring_setup", SYSCALL_ENOSYS, OCI_HOSTILE, "io_uring" },
	{ "moby", "pidfd_open", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "moby", "pidfd_send_signal", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "moby", "splice", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "moby", "tee", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "moby", "mbind", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "moby", "mq_open", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "moby", "socket", SYSCALL_ALLOW, OCI_NARROWER,
	  "socket (for unix, inet and inet6 only)" },
	{ "moby", "personality", SYSCALL_ALLOW, OCI_NARROWER, "personality (" },
	{ "moby", "ioctl", SYSCALL_ALLOW, OCI_NARROWER,
	  "ioctl (without TIOCSTI" },
	{ "podman", "mount", SYSCALL_EPERM, OCI_HOSTILE, " mount" },
	{ "podman", "unshare", SYSCALL_EPERM, OCI_HOSTILE, "unshare" },
	{ "podman", "setns", SYSCALL_EPERM, OCI_HOSTILE, "setns" },
	{ "podman", "keyctl", SYSCALL_EPERM, OCI_HOSTILE, "keyctl" },
	{ "podman", "clone3", SYSCALL_ENOSYS, OCI_HOSTILE, "clone3" },
	{ "podman", "clone", SYSCALL_ALLOW, OCI_NARROWER,
	  "clone (without namespace flags only)" },
	{ "podman", "socket", SYSCALL_ALLOW, OCI_NARROWER, "socket (" },
	{ "podman", "membarrier", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "podman", "mbind", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "podman", "io_setup", SYSCALL_ENOSYS, OCI_SAME, NULL },
	{ "oci", "chmod", SYSCALL_EPERM, OCI_ERRNO_LOST, "chmod (30)" },
	{ "oci", "chown", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "oci", "fchown", SYSCALL_EPERM, OCI_ERRNO_LOST, "fchown (0)" },
	{ "oci", "link", SYSCALL_EPERM, OCI_ACTION_LOST,
	  "link (SCMP_ACT_KILL)" },
	{ "oci", "rename", SYSCALL_EPERM, OCI_ACTION_LOST,
	  "rename (SCMP_ACT_NOTIFY)" },
	{ "oci", "truncate", SYSCALL_ALLOW, OCI_LOG_LOST, "truncate" },
	{ "oci", "tkill", SYSCALL_EPERM, OCI_MIXED, "tkill (/syscalls/10)" },
	{ "oci", "madvise", SYSCALL_EPERM, OCI_MIXED, "madvise (/syscalls/12" },
	{ "oci", "umask", SYSCALL_EPERM, OCI_MIXED, "umask (/syscalls/15)" },
	{ "oci", "getpriority", SYSCALL_EPERM, OCI_MIXED, "getpriority" },
	{ "oci", "socket", SYSCALL_EPERM, OCI_MIXED, "socket (/syscalls/17)" },
	/* two conditions on one argument: one or the other */
	{ "oci", "personality", SYSCALL_ALLOW, OCI_SAME, NULL },
	/* what repeats the default is as if it were not there */
	{ "oci", "getuid", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "oci", "geteuid", SYSCALL_EPERM, OCI_ERRNO_LOST, NULL },
	{ "oci", "sysinfo", SYSCALL_EPERM, OCI_ERRNO_LOST,
	  "the default errno 13 is EPERM" },
	{ "deny", "read", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "deny", "mkdir", SYSCALL_EPERM, OCI_SAME, NULL },
	{ "deny", "unlink", SYSCALL_EPERM, OCI_ACTION_LOST, "unlink" },
	{ "deny", "mprotect", SYSCALL_EPERM, OCI_MIXED, "mprotect" },
	{ "deny", "mount", SYSCALL_EPERM, OCI_HOSTILE, "mount" },
	{ "deny", "socket", SYSCALL_ALLOW, OCI_NARROWER, "socket" },
	{ "families", "read", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "families", "socket", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "families", "socketpair", SYSCALL_EPERM, OCI_MIXED, "socketpair" },
	{ "families", "clone", SYSCALL_ALLOW, OCI_NARROWER, "clone" },
	{ "families", "prlimit64", SYSCALL_ALLOW, OCI_SAME, NULL },
	{ "families", "ioctl", SYSCALL_EPERM, OCI_MIXED, "ioctl" },
	{ "families", "open", SYSCALL_EPERM, OCI_ACTION_LOST,
	  "default action SCMP_ACT_KILL is EPERM" },
};

static void expect(const struct trip *t, const struct expected *e)
{
	const struct oci_call *c = find(t, e->name);

	if (!CHECK(c && c->is.verdict == e->verdict) ||
	    !CHECK(c->is.loss == e->loss) ||
	    !CHECK(!e->told || strstr(t->losses.data, e->told)))
		tap_note("%s: %s\n%s", e->shape, e->name, t->losses.data);
}

static void verdicts_and_what_is_told(void)
{
	struct trip t = { 0 };
	const char *now = "";

	make_share();
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		const struct expected *e = &expected[i];
		_auto_free_ char *path = mem_printf(SHAPES "%s.json", e->shape);

		if (!str_equal(now, e->shape)) {
			arrive(&t);
			travel(&t, path);
			now = e->shape;
		}
		expect(&t, e);
	}
	arrive(&t);
	remove_share();
}

static void what_is_no_call_is_told(void)
{
	struct trip t;

	make_share();
	travel(&t, SHAPES "moby.json");
	CHECK(strstr(t.losses.data,
		     "not known to libseccomp: uretprobe_of_tomorrow\n"));
	CHECK(strstr(t.losses.data, "32 bit, x32"));
	CHECK(!strstr(t.losses.data, "flags"));
	arrive(&t);
	travel(&t, SHAPES "oci.json");
	CHECK(strstr(t.losses.data, "flags and listenerPath"));
	arrive(&t);
	remove_share();
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST_SLOW(no_call_is_wider_or_differs_unsaid, 300),
		TEST(verdicts_and_what_is_told),
		TEST(what_is_no_call_is_told),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
