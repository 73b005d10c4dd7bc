/**
 * Seeded random worlds: one 64-bit seed decides purses, institutions, payments, forks, tears and the order in which
 * everything arrives; the real wallet and registry code runs in memory, and an auditor that knows only signed bytes says
 * whether what must hold held. A failure is a seed. May import core, wallet, bank, crypto and the lab's auditor.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.world;
