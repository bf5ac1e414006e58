/**
 * National language tables of Kannada, Malayalam, Tamil and Telugu (23.038 annex A.2, A.3).
 */
import type { LanguageTables } from "./language-tables.ts";

export const kannada: LanguageTables = {
  locking: [
    "·\u0c82\u0c83\u0c85\u0c86\u0c87\u0c88\u0c89\u0c8a\u0c8b\n\u0c8c·\r\u0c8e\u0c8f",
    "\u0c90·\u0c92\u0c93\u0c94\u0c95\u0c96\u0c97\u0c98\u0c99\u0c9a·\u0c9b\u0c9c\u0c9d\u0c9e",
    " !\u0c9f\u0ca0\u0ca1\u0ca2\u0ca3\u0ca4)(\u0ca5\u0ca6,\u0ca7.\u0ca8",
    "0123456789:;·\u0caa\u0cab?",
    "\u0cac\u0cad\u0cae\u0caf\u0cb0\u0cb1\u0cb2\u0cb3·\u0cb5\u0cb6\u0cb7\u0cb8\u0cb9\u0cbc\u0cbd",
    "\u0cbe\u0cbf\u0cc0\u0cc1\u0cc2\u0cc3\u0cc4·\u0cc6\u0cc7\u0cc8·\u0cca\u0ccb\u0ccc\u0ccd",
    "\u0cd5abcdefghijklmno",
    "pqrstuvwxyz\u0cd6\u0ce0\u0ce1\u0ce2\u0ce3",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*\u0964\u0965·\u0ce6\u0ce7\u0ce8\u0ce9",
    "\u0cea\u0ceb\u0cec\u0ced\u0cee\u0cef\u0cde\u0cf1{}\u0cf2····\\",
    "············[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};

export const malayalam: LanguageTables = {
  locking: [
    "·\u0d02\u0d03\u0d05\u0d06\u0d07\u0d08\u0d09\u0d0a\u0d0b\n\u0d0c·\r\u0d0e\u0d0f",
    "\u0d10·\u0d12\u0d13\u0d14\u0d15\u0d16\u0d17\u0d18\u0d19\u0d1a·\u0d1b\u0d1c\u0d1d\u0d1e",
    " !\u0d1f\u0d20\u0d21\u0d22\u0d23\u0d24)(\u0d25\u0d26,\u0d27.\u0d28",
    "0123456789:;·\u0d2a\u0d2b?",
    "\u0d2c\u0d2d\u0d2e\u0d2f\u0d30\u0d31\u0d32\u0d33\u0d34\u0d35\u0d36\u0d37\u0d38\u0d39·\u0d3d",
    "\u0d3e\u0d3f\u0d40\u0d41\u0d42\u0d43\u0d44·\u0d46\u0d47\u0d48·\u0d4a\u0d4b\u0d4c\u0d4d",
    "\u0d57abcdefghijklmno",
    "pqrstuvwxyz\u0d60\u0d61\u0d62\u0d63\u0d79",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*\u0964\u0965·\u0d66\u0d67\u0d68\u0d69",
    "\u0d6a\u0d6b\u0d6c\u0d6d\u0d6e\u0d6f\u0d70\u0d71{}\u0d72\u0d73\u0d74\u0d75\u0d7a\\",
    "\u0d7b\u0d7c\u0d7d\u0d7e\u0d7f·······[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};

export const tamil: LanguageTables = {
  locking: [
    "·\u0b82\u0b83\u0b85\u0b86\u0b87\u0b88\u0b89\u0b8a·\n··\r\u0b8e\u0b8f",
    "\u0b90·\u0b92\u0b93\u0b94\u0b95···\u0b99\u0b9a··\u0b9c·\u0b9e",
    " !\u0b9f···\u0ba3\u0ba4)(··,·.\u0ba8",
    "0123456789:;\u0ba9\u0baa·?",
    "··\u0bae\u0baf\u0bb0\u0bb1\u0bb2\u0bb3\u0bb4\u0bb5\u0bb6\u0bb7\u0bb8\u0bb9··",
    "\u0bbe\u0bbf\u0bc0\u0bc1\u0bc2···\u0bc6\u0bc7\u0bc8·\u0bca\u0bcb\u0bcc\u0bcd",
    "\u0bd0abcdefghijklmno",
    "pqrstuvwxyz\u0bd7\u0bf0\u0bf1\u0bf2\u0bf9",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*\u0964\u0965·\u0be6\u0be7\u0be8\u0be9",
    "\u0bea\u0beb\u0bec\u0bed\u0bee\u0bef\u0bf3\u0bf4{}\u0bf5\u0bf6\u0bf7\u0bf8\u0bfa\\",
    "············[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};

export const telugu: LanguageTables = {
  locking: [
    "\u0c01\u0c02\u0c03\u0c05\u0c06\u0c07\u0c08\u0c09\u0c0a\u0c0b\n\u0c0c·\r\u0c0e\u0c0f",
    "\u0c10·\u0c12\u0c13\u0c14\u0c15\u0c16\u0c17\u0c18\u0c19\u0c1a·\u0c1b\u0c1c\u0c1d\u0c1e",
    " !\u0c1f\u0c20\u0c21\u0c22\u0c23\u0c24)(\u0c25\u0c26,\u0c27.\u0c28",
    "0123456789:;·\u0c2a\u0c2b?",
    "\u0c2c\u0c2d\u0c2e\u0c2f\u0c30\u0c31\u0c32\u0c33·\u0c35\u0c36\u0c37\u0c38\u0c39·\u0c3d",
    "\u0c3e\u0c3f\u0c40\u0c41\u0c42\u0c43\u0c44·\u0c46\u0c47\u0c48·\u0c4a\u0c4b\u0c4c\u0c4d",
    "\u0c55abcdefghijklmno",
    "pqrstuvwxyz\u0c56\u0c60\u0c61\u0c62\u0c63",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*···\u0c66\u0c67\u0c68\u0c69",
    "\u0c6a\u0c6b\u0c6c\u0c6d\u0c6e\u0c6f\u0c58\u0c59{}\u0c78\u0c79\u0c7a\u0c7b\u0c7c\\",
    "\u0c7d\u0c7e\u0c7f·········[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};
