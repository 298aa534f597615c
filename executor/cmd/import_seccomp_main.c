/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libexec/coop/import-seccomp FILE: a Docker or OCI seccomp file as the text of
 * a profile on standard output, and what of it was lost on standard error. A
 * tool for who writes profiles; no run uses it.
 */
#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/options.h"
#include "executor/base/str.h"
#include "executor/profile/names.h"
#include "executor/profile/oci_profile.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define TEXT_MAX (256 * 1024)

struct options {
	const char *inherit, *summary, *kernel;
	bool help;
};

static const struct option_row rows[] = {
	{ "inherit", 0, OPTION_STRING, offsetof(struct options, inherit),
	  "PROFILE", "gives limits, files and environment; else default", 0,
	  0 },
	{ "summary", 0, OPTION_STRING, offsetof(struct options, summary),
	  "TEXT", "one line for coop profiles", 0, 0 },
	{ "kernel", 0, OPTION_STRING, offsetof(struct options, kernel),
	  "VERSION", "Linux that minKernel is compared with; else this one", 0,
	  0 },
	{ "help", 'h', OPTION_FLAG, offsetof(struct options, help), NULL,
	  "this text", 0, 0 },
	{ 0 },
};

static int fail(const struct err *err)
{
	char text[1024];

	fprintf(stderr, "import-seccomp: %s\n",
		err_format(err, text, sizeof(text)));
	return 1;
}

static int help(void)
{
	struct buf out;

	buf_init(&out, 4096);
	options_help(rows, &out);
	printf("usage: import-seccomp [options] FILE\n\n"
	       "Writes the profile that a Docker or OCI seccomp file is for a "
	       "box;\n\"-\" reads it from standard input. What a profile "
	       "cannot say goes\nto standard error.\n\n%s",
	       out.data);
	buf_finish(&out);
	return 0;
}

/* What goes into a line of the profile. */
static bool is_plain(const char *text)
{
	if (!*text || strlen(text) > 200 || strchr(text, '#'))
		return false;
	for (const char *p = text; *p; p++)
		if (iscntrl((unsigned char)*p))
			return false;
	return str_utf8_valid(text, strlen(text));
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int get_machine(struct oci_machine *m, const struct options *o,
		       struct err *err)
{
	struct utsname host;
	const char *release = o->kernel;

	m->arch = oci_profile_arch();
	if (!m->arch)
		return err_set(err, ERR_UNSUPPORTED,
			       "this machine's architecture is not known here");
	if (!release && uname(&host) == 0)
		release = host.release;
	if (!release || sscanf(release, "%5u.%5u", &m->kernel_major,
			       &m->kernel_minor) != 2) {
		err_set(err, ERR_INVALID, "this is no version like 6.1");
		return err_field(err, "--kernel");
	}
	return 0;
}

static int read_file(struct oci_seccomp *out, const char *path,
		     const struct oci_machine *m, struct err *err)
{
	struct json *json = NULL;
	struct buf text;
	int rc;

	buf_init(&text, OCI_FILE_MAX);
	if (str_equal(path, "-"))
		rc = fd_slurp(STDIN_FILENO, &text, err);
	else
		rc = fd_slurp_path(AT_FDCWD, path, &text, err);
	if (rc >= 0) {
		json = json_parse(text.data, text.len, OCI_FILE_MAX, err);
		rc = json ? oci_seccomp_read(out, json, m, err)
			  : -(int)err->code;
	}
	json_destroy(json);
	buf_finish(&text);
	return rc;
}

static int import(const char *path, const struct options *o, struct err *err)
{
	struct oci_text text = { base_of(path), o->inherit, o->summary };
	struct oci_seccomp rules = { 0 };
	struct oci_profile profile;
	struct oci_machine machine;
	struct buf out, lost;
	int rc = get_machine(&machine, o, err);

	if (rc >= 0)
		rc = read_file(&rules, path, &machine, err);
	if (rc < 0)
		return rc;
	buf_init(&out, TEXT_MAX);
	buf_init(&lost, TEXT_MAX);
	oci_profile_make(&profile, &rules);
	oci_profile_format(&profile, &text, &out);
	oci_profile_losses(&profile, "import-seccomp: ", &lost);
	rc = fd_write_all(STDOUT_FILENO, out.data, out.len, err);
	if (rc >= 0)
		rc = fd_write_all(STDERR_FILENO, lost.data, lost.len, err);
	oci_profile_finish(&profile);
	oci_seccomp_finish(&rules);
	buf_finish(&lost);
	buf_finish(&out);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	_auto_free_ char *summary = NULL;
	struct err err = { 0 };
	const char *path;
	int at;

	if (options_parse(rows, &o, argc, argv, &at, &err) < 0)
		return fail(&err);
	if (o.help)
		return help();
	if (at + 1 != argc) {
		err_set(&err, ERR_INVALID, "one FILE is wanted, or -");
		return fail(&err);
	}
	path = argv[at];
	if (!is_plain(path)) {
		err_set(&err, ERR_INVALID,
			"the name goes into a comment, and "
			"this one does not fit");
		err_try(&err, "- <FILE");
		return fail(&err);
	}
	if (!o.summary)
		o.summary = summary = mem_printf("system calls of %s",
						 base_of(path));
	if (!o.inherit)
		o.inherit = "default";
	if (!is_plain(o.summary) || !names_valid(o.inherit)) {
		err_set(&err, ERR_INVALID,
			"not one line of text, or no "
			"profile's name");
		err_field(&err, "--%s",
			  is_plain(o.summary) ? "inherit" : "summary");
		return fail(&err);
	}
	return import(path, &o, &err) < 0 ? fail(&err) : 0;
}
