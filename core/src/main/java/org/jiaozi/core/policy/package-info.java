/**
 * Policy as data: the profile that rides in the bulletin, its tiers and its dated regional overrides. No code names a
 * profile. Imports values, codec, refusals and statements.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.policy;
