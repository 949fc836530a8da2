import type { Strings } from './en.js';

/** What the page says in German. */
export const de: Strings = {
  description: 'Entrauscht, vergrößert, bewertet und vergleicht Fotos. Nichts verlässt diese Seite.',
  language: 'Sprache',

  openTitle: 'Fotos öffnen',
  openWays: 'Hierher ziehen, einfügen oder auswählen:',
  openFiles: 'Dateien',
  openOr: 'oder',
  openFolder: 'einen Ordner',
  openKinds: 'JPEG, PNG, WebP, TIFF, AVIF, HEIC oder JPEG\u00a0XL',

  task: 'Was geschehen soll',
  denoise: 'Entrauschen',
  upscale2: 'Größer ×2',
  upscale4: 'Größer ×4',
  scoring: 'Bewerten',
  comparing: 'Vergleichen',

  photograph: 'Foto',
  beforeAndAfter: 'Das Bild, links und rechts einer Linie',
  before: 'Vorher',
  after: 'Nachher',
  split: 'Abstand der Linie von links',
  fit: 'Ganz',
  actual: '100 %',
  zoom: 'Größe auf dem Bildschirm',
  progress: 'Fortschritt',

  strength: 'Stärke',
  luma: 'Helligkeit',
  chroma: 'Farbe',
  detail: 'Details',
  natural: 'Auto',
  naturalHint: 'So stark, wie es zum Rauschen jedes Bildes passt',
  percent: (value) => `${value} %`,

  sharpen: 'Scharfe Kanten',
  usualHint: 'Fotografien werden geschärft, saubere Zeichnungen bleiben, wie sie sind',
  cleaning: 'Säubern',
  cleaningHint: 'Wie viel von Rauschen, Korn und den Blöcken von JPEG entfernt wird',

  map: 'Qualität, von Rot bis Blau',
  score: (value) => `Note ${value} von 100, höher ist besser.`,
  niqe: (value) => `NIQE ${value}, niedriger ist besser.`,
  reference: 'Referenz',
  thisPicture: 'Dieses Bild',
  difference: 'Unterschied',
  comparedWith: 'Verglichen mit',
  onTheRight: 'Rechts der Linie',
  gain: 'Verstärkt',
  compared: (measures) => `${measures}. Höher ist näher an der Referenz.`,
  lpips: (value) => `LPIPS ${value}, niedriger ist näher.`,
  loadLpips: 'LPIPS laden',
  lpipsTwo:
    'LPIPS braucht zwei Dateien als safetensors: die Köpfe seiner Autoren und die Gewichte von torchvision des Netzes, zu dem sie gehören.',
  equal: 'Beide Bilder sind gleich, Pixel für Pixel.',
  isReference: 'Mit diesem Bild werden die anderen verglichen.',
  compareAlone: 'Zum Vergleichen fehlt noch ein zweites Bild.',
  otherSize: (size, reference) =>
    `Dieses Bild hat ${size} Pixel und die Referenz ${reference}; vergleichen lassen sich nur Bilder einer Größe.`,
  ranking: 'Rangliste',
  rank: 'Rang',
  picture: 'Bild',
  burst: 'Serie',
  burstPlace: (burst, place, count) =>
    place === '1' ? `${burst}: bestes von ${count}` : `${burst}: ${place}. von ${count}`,
  onlyBest: 'Nur das beste jeder Serie',
  saveList: 'Liste sichern',

  stop: 'Anhalten',
  again: 'Neu beginnen',
  format: 'Format',
  save: 'Herunterladen',
  saveAll: 'Alle herunterladen',
  saveFolder: 'Alle in einen Ordner',
  pictures: 'Bilder',
  add: 'Bilder hinzufügen',
  remove: 'Dieses Bild entfernen',
  clear: 'Alle entfernen',

  waiting: 'wartet',
  working: 'in Arbeit',
  done: 'fertig',
  failed: 'fehlgeschlagen',

  measuring: 'Das Rauschen wird gemessen …',
  looking: 'Das Bild wird betrachtet …',
  givingBack: 'Was kein Rauschen ist, wird zurückgegeben …',
  parts: (part, parts) => `${part} von ${parts} Teilen`,
  stopped: 'Angehalten.',
  inTurn: 'Wartet, bis es an der Reihe ist.',
  otherTab: 'Ein anderer Tab arbeitet; dieser wartet, bis er an der Reihe ist.',
  savedLater:
    'Um Speicher zu sparen, wird dieses Bild erst bearbeitet, wenn es angesehen oder gesichert wird.',
  noise: (luma, chroma, natural) =>
    `Rauschen von ${luma} in der Helligkeit und ${chroma} in der Farbe, von 255. Die Stärke, die dazu passt, ist ${natural} %.`,
  noNoise: (luma, chroma) =>
    `Kein Rauschen zu entfernen: Gemessen wurden ${luma} in der Helligkeit und ${chroma} in der Farbe, von 255. Mehr Stärke zeigt, was das Netz tun würde.`,
  enlarged: (scale, width, height, weights) =>
    `${scale}-fach vergrößert, auf ${width} × ${height} Pixel, mit den Gewichten „${weights}“.`,
  saving: (number, count) => `Bild ${number} von ${count} wird gesichert …`,
  saved: (count) => `${count} gesichert.`,
  savedSome: (count, failed) => `${count} gesichert; ${failed} konnten nicht bearbeitet werden.`,
  leftOut: (count) => `${count} der Dateien sind keine bekannten Bilder und wurden ausgelassen.`,

  learning: 'Lernen',
  learnOne: 'Aus diesem Bild lernen',
  learnAll: 'Aus allen Bildern lernen',
  learnHint: 'Das Netz lernt das Rauschen deiner Bilder, auf diesem Gerät; das dauert einige Minuten',
  loadWeights: 'Gewichte laden',
  saveWeights: 'Gewichte sichern',
  general: 'Allgemeine Gewichte nehmen',
  keepBest: 'Anhalten, Bestes behalten',
  giveUp: 'Aufgeben',
  sample: 'Ein Teil des Bildes, mit dem bisher Gelernten',
  learnMeasuring: 'Das Rauschen wird untersucht …',
  learnFinishing: 'Gelerntes wird mit Bekanntem verglichen …',
  learnStep: (step) => `Schritt ${step}`,
  learnLeft: (step, time) => `Schritt ${step}, noch etwa ${time}`,
  learnDone: (steps, pictures) =>
    `Gelernt in ${steps} Schritten, Bilder, aus denen gelernt wurde: ${pictures}. Alle werden damit entrauscht.`,
  learnNoBetter: (steps) =>
    `Nach ${steps} Schritten fand sich für diese Bilder nichts Besseres; die Gewichte bleiben, wie sie waren.`,
  learnInterrupted: (pictures) =>
    `Das Lernen wurde unterbrochen, Bilder, aus denen gelernt wurde: ${pictures}. Es kann dort weitergehen, wo es stand.`,
  learnGoOn: 'Weiterlernen',
  learnDiscard: 'Verwerfen',
  learnUnkeptFull: 'Der Browser hat keinen Platz, es für ein anderes Mal aufzuheben.',
  learnUnkept: 'Der Browser lässt die Seite nichts für ein anderes Mal aufheben.',
  weightsFrom: (name) => `Entrauscht mit den Gewichten von ${name}.`,

  notPicture: (name) => `${name} ist keine JPEG-, PNG-, WebP-, TIFF-, AVIF-, HEIC- oder JPEG-XL-Datei.`,
  damaged: (name) =>
    `${name} lässt sich nicht öffnen: Die Datei ist beschädigt oder von einer Art, die hier nicht bekannt ist.`,
  unreadable: (name) =>
    `${name} lässt sich nicht lesen: Vielleicht wurde die Datei nach dem Auswählen verschoben oder geändert.`,
  tooLarge: (megapixels, most) =>
    `Dieses Bild hat ${megapixels} Megapixel; auf diesem Gerät werden in einer Seite Bilder mit höchstens ${most} Megapixeln bearbeitet.`,
  tooLargeEnlarged: (scale, megapixels, most) =>
    `${scale}-fach vergrößert hätte dieses Bild ${megapixels} Megapixel; auf diesem Gerät lassen sich in einer Seite Bilder mit höchstens ${most} Megapixeln so weit vergrößern.`,
  nothingPasted: 'Was eingefügt wurde, ist kein Bild.',
  nothingDropped: 'Was hierher gezogen wurde, ist keine Datei.',
  nothingInside: 'Unter diesen Dateien ist kein Bild.',
  resultsLost:
    'Der Teil der Seite, der die Bilder hält, endete unerwartet; was fertig war, wird noch einmal gemacht.',
  folderRefused: 'Der Browser hat diesen Ordner nicht erlaubt.',
  copyDetails: 'Einzelheiten kopieren',
  copied: 'Kopiert',
  copyHint: 'Versionen und was geschah; nie das Bild oder sein Name',
  dismiss: 'Schließen',

  engineChanged: (why) =>
    ({
      lost: 'Die Grafikkarte ging verloren.',
      memory: 'Der Speicher reichte nicht: Es wird in kleineren Teilen gearbeitet.',
      ended: 'Das Rechenwerk endete unerwartet und begann neu.',
    })[why],
  engineLater: 'Gerechnet wird ab dem ersten Bild.',
  engineAgain: 'Gerechnet wird wieder ab dem nächsten Bild.',
  engineStarts: 'Das Rechenwerk startet …',
  engineCard: 'Es rechnet die Grafikkarte (WebGPU).',
  engineThreads: (threads) =>
    `Es rechnet WebAssembly mit ${threads === '1' ? 'einem Thread' : `${threads} Threads`}.`,
  engineOne: 'Es rechnet WebAssembly mit einem Thread: Die Seite ist nicht von anderen isoliert.',
  offlineReady: 'Läuft auch ohne Netz.',
  offlineMake: 'Für ohne Netz bereithalten',
  offlineMaking: 'Wird für ohne Netz bereitgehalten …',
  offlineFailed: 'Für ohne Netz ließ sich die Seite nicht bereithalten.',
  offlineFull: 'Der Browser hat keinen Platz, die Seite für ohne Netz bereitzuhalten.',
  update: 'Eine neue Version ist da: laden',
};
