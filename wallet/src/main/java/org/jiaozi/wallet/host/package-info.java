/**
 * The wallet around a purse: lineages and transfers seen, payments made and received, and one tap's two sides run over
 * them. Pure: each call returns the next state, which the runner makes durable before it sends anything. Imports core,
 * purse and choice.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.wallet.host;
