/**
 * The judge of a simulated world: told of what was signed, recorded, booked and credited as bytes and numbers, it says
 * after every step what does not hold. It works everything out by itself from the signed bytes, with the auditor's reader
 * and arithmetic. May import the lab's auditor and byte strings; no statement, codec, registry or wallet code:
 * LayoutTest holds it.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.judge;
