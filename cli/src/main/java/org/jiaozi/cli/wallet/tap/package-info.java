/**
 * The commands of one tap, on whatever carries its messages. Imports the session, the transports, core and the wallet
 * module.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.wallet.tap;
