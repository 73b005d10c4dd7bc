/**
 * One tap: the messages that two wallets exchange and the state machines of payer and payee, as pure functions from
 * state and event to state and effects (spec 06). Imports values, codec, crypto ports, refusals, statements, lineage,
 * bulletin and policy; whoever runs a machine makes durable what an effect says before carrying out the next one.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.tap;
