/**
 * The commands that speak with an institution: every message is stored before it is sent, and sent again until it is
 * answered. Imports the session, the HTTP caller, core and the wallet module.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.wallet.online;
