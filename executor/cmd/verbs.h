/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The verbs that `coop` itself has. argv[0] is the verb; the return value is
 * the exit status.
 */

/* Runs a program's source file in a jail. */
int cmd_run(int argc, char **argv);

/* Runs a command in a jail. */
int cmd_exec(int argc, char **argv);

/* Prints what run or exec would build. */
int cmd_plan(int argc, char **argv);

/* Says what this machine can enforce. */
int cmd_doctor(int argc, char **argv);

/* Lists the languages. */
int cmd_languages(int argc, char **argv);

/* Lists the profiles. */
int cmd_profiles(int argc, char **argv);
