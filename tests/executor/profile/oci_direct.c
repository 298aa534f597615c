/* SPDX-License-Identifier: Apache-2.0 */
/* No checks: the files are ours. */
#include "tests/executor/profile/oci_direct.h"

#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <errno.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __x86_64__
#define GOARCH "amd64"
#else
#define GOARCH "arm64"
#endif

static bool has(const struct json *list, const char *word)
{
	for (const struct json *w = json_child(list); w; w = json_next(w))
		if (str_equal(json_string(w), word))
			return true;
	return false;
}

static bool is_out(const struct json *rule)
{
	const struct json *in = json_get(rule, "includes");
	const struct json *ex = json_get(rule, "excludes");
	const struct json *arches = json_get(in, "arches");

	return json_count(json_get(in, "caps")) > 0 ||
	       (json_count(arches) && !has(arches, GOARCH)) ||
	       has(json_get(ex, "arches"), GOARCH) ||
	       json_string(json_get(ex, "minKernel"));
}

static int errno_of(const struct json *number, const struct json *name)
{
	if (str_equal(json_string(name), "ENOSYS"))
		return ENOSYS;
	if (str_equal(json_string(name), "EPERM"))
		return EPERM;
	return (int)json_number(number, EPERM);
}

static uint32_t action_of(const char *word, int e)
{
	const char *kind = word + strlen("SCMP_ACT_");

	if (str_equal(kind, "ALLOW"))
		return SCMP_ACT_ALLOW;
	if (str_equal(kind, "ERRNO"))
		return SCMP_ACT_ERRNO((uint32_t)e);
	if (str_equal(kind, "LOG"))
		return SCMP_ACT_LOG;
	if (str_equal(kind, "TRAP"))
		return SCMP_ACT_TRAP;
	if (str_equal(kind, "TRACE"))
		return SCMP_ACT_TRACE((uint32_t)e);
	if (str_equal(kind, "NOTIFY"))
		return SCMP_ACT_NOTIFY;
	return str_equal(kind, "KILL_PROCESS") ? SCMP_ACT_KILL_PROCESS
					       : SCMP_ACT_KILL_THREAD;
}

static enum scmp_compare op_of(const char *word)
{
	static const char *const words[] = {
		[SCMP_CMP_NE] = "NE", [SCMP_CMP_LT] = "LT",
		[SCMP_CMP_LE] = "LE", [SCMP_CMP_EQ] = "EQ",
		[SCMP_CMP_GE] = "GE", [SCMP_CMP_GT] = "GT",
	};

	for (int i = 1; i < (int)ARRAY_LEN(words); i++)
		if (str_equal(word + strlen("SCMP_CMP_"), words[i]))
			return (enum scmp_compare)i;
	return SCMP_CMP_MASKED_EQ;
}

static unsigned conditions(const struct json *rule, struct scmp_arg_cmp *out,
			   bool *twice)
{
	unsigned n = 0;

	*twice = false;
	for (const struct json *a = json_child(json_get(rule, "args")); a;
	     a = json_next(a)) {
		int64_t value = 0, two = 0;

		json_int(json_get(a, "value"), &value);
		json_int(json_get(a, "valueTwo"), &two);
		out[n] = (struct scmp_arg_cmp){
			.arg = (unsigned)json_number(json_get(a, "index"), 0),
			.op = op_of(json_string(json_get(a, "op"))),
			.datum_a = (scmp_datum_t)value,
			.datum_b = (scmp_datum_t)two,
		};
		for (unsigned i = 0; i < n; i++)
			*twice |= out[i].arg == out[n].arg;
		n++;
	}
	return n;
}

static int add_name(scmp_filter_ctx ctx, const struct json *rule,
		    const char *name, uint32_t action)
{
	struct scmp_arg_cmp args[6];
	int nr = seccomp_syscall_resolve_name(name), rc = 0;
	bool twice;
	unsigned n = conditions(rule, args, &twice);

	if (nr < 0)
		return 0;
	if (!twice)
		return seccomp_rule_add_array(ctx, action, nr, n, args);
	for (unsigned i = 0; i < n && rc >= 0; i++)
		rc = seccomp_rule_add_array(ctx, action, nr, 1, &args[i]);
	return rc;
}

static int add_rule(scmp_filter_ctx ctx, const struct json *rule,
		    uint32_t otherwise)
{
	uint32_t action = action_of(json_string(json_get(rule, "action")),
				    errno_of(json_get(rule, "errnoRet"),
					     json_get(rule, "errno")));
	const char *name = json_string(json_get(rule, "name"));
	int rc = 0;

	if (is_out(rule) || action == otherwise)
		return 0;
	if (name)
		return add_name(ctx, rule, name, action);
	for (const struct json *n = json_child(json_get(rule, "names"));
	     n && rc >= 0; n = json_next(n))
		rc = add_name(ctx, rule, json_string(n), action);
	return rc;
}

static void *export(scmp_filter_ctx ctx, size_t *len)
{
	_auto_close_ int fd = memfd_create("direct", MFD_CLOEXEC);
	off_t size;
	void *code;

	if (fd < 0 || seccomp_export_bpf(ctx, fd) < 0)
		return NULL;
	size = lseek(fd, 0, SEEK_END);
	lseek(fd, 0, SEEK_SET);
	code = mem_zero(1, (size_t)size);
	if (fd_read_all(fd, code, (size_t)size, NULL) != size) {
		mem_free(code);
		return NULL;
	}
	*len = (size_t)size / sizeof(struct sock_filter);
	return code;
}

void *oci_direct(const struct json *file, size_t *len)
{
	uint32_t otherwise =
		action_of(json_string(json_get(file, "defaultAction")),
			  errno_of(json_get(file, "defaultErrnoRet"),
				   json_get(file, "defaultErrno")));
	scmp_filter_ctx ctx = seccomp_init(otherwise);
	void *code = NULL;
	int rc = 0;

	for (const struct json *r = json_child(json_get(file, "syscalls"));
	     r && rc >= 0; r = json_next(r))
		rc = add_rule(ctx, r, otherwise);
	if (rc >= 0)
		code = export(ctx, len);
	seccomp_release(ctx);
	return code;
}
