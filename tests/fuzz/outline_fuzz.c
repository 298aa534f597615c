/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outline of a program's text: what is found can name a file and a class,
 * whatever the text is, and stands in it.
 */
#include "executor/spec/outline.h"

#include "tests/fuzz/fuzz.h"
#include <string.h>

static const struct outline_rules rules = {
	.file = (char *)"public class | public interface | public enum | "
			"public record",
	.entry = (char *)"class | interface | enum | record",
	.entry_has = (char *)"static void main",
	.scope = (char *)"package",
};

/* Whether it is letters, digits, "_" and "$", no digit first. */
static void check_name(const char *name, const char *also)
{
	FUZZ_CHECK(name[0] < '0' || name[0] > '9');
	for (; *name; name++)
		FUZZ_CHECK((*name >= 'a' && *name <= 'z') ||
			   (*name >= 'A' && *name <= 'Z') ||
			   (*name >= '0' && *name <= '9') || *name == '_' ||
			   *name == '$' || strchr(also, *name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct outline o, none;

	outline_read(&o, &rules, text, size);
	FUZZ_CHECK(strlen(o.file) <= OUTLINE_NAME_MAX);
	check_name(o.file, "");
	check_name(o.entry, ".");
	if (*o.file)
		FUZZ_CHECK(memmem(text, size, o.file, strlen(o.file)));
	/* a file's name is that of something that could be started */
	FUZZ_CHECK(!*o.file || *o.entry);
	outline_read(&none, &(struct outline_rules){ 0 }, text, size);
	FUZZ_CHECK(!*none.file && !*none.entry);
	return 0;
}
