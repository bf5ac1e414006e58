/**
 * National language tables of Bengali, Gujarati, Hindi, Oriya and Punjabi (23.038 annex A.2, A.3).
 */
import type { LanguageTables } from "./language-tables.ts";

export const bengali: LanguageTables = {
  locking: [
    "\u0981\u0982\u0983\u0985\u0986\u0987\u0988\u0989\u098a\u098b\n\u098c·\r·\u098f",
    "\u0990··\u0993\u0994\u0995\u0996\u0997\u0998\u0999\u099a·\u099b\u099c\u099d\u099e",
    " !\u099f\u09a0\u09a1\u09a2\u09a3\u09a4)(\u09a5\u09a6,\u09a7.\u09a8",
    "0123456789:;·\u09aa\u09ab?",
    "\u09ac\u09ad\u09ae\u09af\u09b0·\u09b2···\u09b6\u09b7\u09b8\u09b9\u09bc\u09bd",
    "\u09be\u09bf\u09c0\u09c1\u09c2\u09c3\u09c4··\u09c7\u09c8··\u09cb\u09cc\u09cd",
    "\u09ceabcdefghijklmno",
    "pqrstuvwxyz\u09d7\u09dc\u09dd\u09f0\u09f1",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*\u09e6\u09e7·\u09e8\u09e9\u09ea\u09eb",
    "\u09ec\u09ed\u09ee\u09ef\u09df\u09e0\u09e1\u09e2{}\u09e3\u09f2\u09f3\u09f4\u09f5\\",
    "\u09f6\u09f7\u09f8\u09f9\u09fa·······[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};

export const gujarati: LanguageTables = {
  locking: [
    "\u0a81\u0a82\u0a83\u0a85\u0a86\u0a87\u0a88\u0a89\u0a8a\u0a8b\n\u0a8c\u0a8d\r·\u0a8f",
    "\u0a90\u0a91·\u0a93\u0a94\u0a95\u0a96\u0a97\u0a98\u0a99\u0a9a·\u0a9b\u0a9c\u0a9d\u0a9e",
    " !\u0a9f\u0aa0\u0aa1\u0aa2\u0aa3\u0aa4)(\u0aa5\u0aa6,\u0aa7.\u0aa8",
    "0123456789:;·\u0aaa\u0aab?",
    "\u0aac\u0aad\u0aae\u0aaf\u0ab0·\u0ab2\u0ab3·\u0ab5\u0ab6\u0ab7\u0ab8\u0ab9\u0abc\u0abd",
    "\u0abe\u0abf\u0ac0\u0ac1\u0ac2\u0ac3\u0ac4\u0ac5·\u0ac7\u0ac8\u0ac9·\u0acb\u0acc\u0acd",
    "\u0ad0abcdefghijklmno",
    "pqrstuvwxyz\u0ae0\u0ae1\u0ae2\u0ae3\u0af1",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*\u0964\u0965·\u0ae6\u0ae7\u0ae8\u0ae9",
    "\u0aea\u0aeb\u0aec\u0aed\u0aee\u0aef··{}·····\\",
    "············[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};

export const hindi: LanguageTables = {
  locking: [
    "\u0901\u0902\u0903\u0905\u0906\u0907\u0908\u0909\u090a\u090b\n\u090c\u090d\r\u090e\u090f",
    "\u0910\u0911\u0912\u0913\u0914\u0915\u0916\u0917\u0918\u0919\u091a·\u091b\u091c\u091d\u091e",
    " !\u091f\u0920\u0921\u0922\u0923\u0924)(\u0925\u0926,\u0927.\u0928",
    "0123456789:;\u0929\u092a\u092b?",
    "\u092c\u092d\u092e\u092f\u0930\u0931\u0932\u0933\u0934\u0935\u0936\u0937\u0938\u0939\u093c\u093d",
    "\u093e\u093f\u0940\u0941\u0942\u0943\u0944\u0945\u0946\u0947\u0948\u0949\u094a\u094b\u094c\u094d",
    "\u0950abcdefghijklmno",
    "pqrstuvwxyz\u0972\u097b\u097c\u097e\u097f",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*\u0964\u0965·\u0966\u0967\u0968\u0969",
    "\u096a\u096b\u096c\u096d\u096e\u096f\u0951\u0952{}\u0953\u0954\u0958\u0959\u095a\\",
    "\u095b\u095c\u095d\u095e\u095f\u0960\u0961\u0962\u0963\u0970\u0971·[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};

export const oriya: LanguageTables = {
  locking: [
    "\u0b01\u0b02\u0b03\u0b05\u0b06\u0b07\u0b08\u0b09\u0b0a\u0b0b\n\u0b0c·\r·\u0b0f",
    "\u0b10··\u0b13\u0b14\u0b15\u0b16\u0b17\u0b18\u0b19\u0b1a·\u0b1b\u0b1c\u0b1d\u0b1e",
    " !\u0b1f\u0b20\u0b21\u0b22\u0b23\u0b24)(\u0b25\u0b26,\u0b27.\u0b28",
    "0123456789:;·\u0b2a\u0b2b?",
    "\u0b2c\u0b2d\u0b2e\u0b2f\u0b30·\u0b32\u0b33·\u0b35\u0b36\u0b37\u0b38\u0b39\u0b3c\u0b3d",
    "\u0b3e\u0b3f\u0b40\u0b41\u0b42\u0b43\u0b44··\u0b47\u0b48··\u0b4b\u0b4c\u0b4d",
    "\u0b56abcdefghijklmno",
    "pqrstuvwxyz\u0b57\u0b60\u0b61\u0b62\u0b63",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*\u0964\u0965·\u0b66\u0b67\u0b68\u0b69",
    "\u0b6a\u0b6b\u0b6c\u0b6d\u0b6e\u0b6f\u0b5c\u0b5d{}\u0b5f\u0b70\u0b71··\\",
    "············[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};

export const punjabi: LanguageTables = {
  locking: [
    "\u0a01\u0a02\u0a03\u0a05\u0a06\u0a07\u0a08\u0a09\u0a0a·\n··\r·\u0a0f",
    "\u0a10··\u0a13\u0a14\u0a15\u0a16\u0a17\u0a18\u0a19\u0a1a·\u0a1b\u0a1c\u0a1d\u0a1e",
    " !\u0a1f\u0a20\u0a21\u0a22\u0a23\u0a24)(\u0a25\u0a26,\u0a27.\u0a28",
    "0123456789:;·\u0a2a\u0a2b?",
    "\u0a2c\u0a2d\u0a2e\u0a2f\u0a30·\u0a32\u0a33·\u0a35\u0a36·\u0a38\u0a39\u0a3c·",
    "\u0a3e\u0a3f\u0a40\u0a41\u0a42····\u0a47\u0a48··\u0a4b\u0a4c\u0a4d",
    "\u0a51abcdefghijklmno",
    "pqrstuvwxyz\u0a70\u0a71\u0a72\u0a73\u0a74",
  ],
  shift: [
    "@£$¥¿\"¤%&'\f*+·-/",
    "<=>¡^¡_#*\u0964\u0965·\u0a66\u0a67\u0a68\u0a69",
    "\u0a6a\u0a6b\u0a6c\u0a6d\u0a6e\u0a6f\u0a59\u0a5a{}\u0a5b\u0a5c\u0a5e\u0a75·\\",
    "············[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
  ],
};
