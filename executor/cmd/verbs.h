/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The verbs that `coop` itself has. argv[0] is the verb; the return value is
 * the exit status.
 */
int cmd_run(int argc, char **argv);
int cmd_exec(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_languages(int argc, char **argv);
int cmd_profiles(int argc, char **argv);
