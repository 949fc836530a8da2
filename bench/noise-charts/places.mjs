/**
 * Where the patches lie on each photograph: columns and rows of whole patches, and the centres of the first and last patch of
 * the first row and of the last row, as x and y in thousandths of the width and the height; read by eye.
 */
export const places = {
  'Canon__EOS5D-MIII___K6A7945.JPG': [6, 4, 302, 353, 712, 353, 302, 718, 712, 718],
  'Canon__PowerShot_G2__IMG_0303.JPG': [6, 4, 131, 176, 865, 176, 134, 761, 858, 761],
  'Canon__PowerShot_G6__IMG_0002.JPG': [6, 4, 246, 181, 847, 181, 239, 651, 847, 651],
  'Canon__PowerShot_S40__IMG_0108.JPG': [3, 2, 301, 311, 802, 311, 301, 643, 802, 643],
  'Canon__PowerShot_S50__IMG_1907.JPG': [4, 2, 154, 311, 894, 311, 154, 639, 894, 639],
  'Canon__Powershot_SX150IS__IMG_1037.JPG': [6, 4, 128, 181, 868, 189, 128, 769, 865, 765],
  'Canon__Rebel_XT_350D___MG_9382.JPG': [6, 4, 129, 193, 857, 189, 129, 807, 857, 815],
  'Epson__PhotoPC_3100Z__100EPSON__EPSN0012.JPG': [4, 2, 83, 294, 802, 298, 87, 605, 798, 613],
  'HP__C200__DSC00002.JPG': [6, 4, 176, 151, 847, 147, 180, 655, 841, 672],
  'HP__Photosmart_433__IM000959.JPG': [6, 4, 156, 189, 896, 176, 153, 748, 893, 756],
  'HP__Photosmart_735__HPIM1007.JPG': [6, 4, 161, 256, 809, 248, 132, 790, 809, 790],
  'HP__Photosmart_M417__HPIM0005.JPG': [6, 4, 165, 261, 858, 261, 159, 803, 861, 807],
  'HP__Photosmart_M425__HPIM0044.JPG': [3, 2, 195, 328, 702, 328, 195, 668, 706, 668],
  'HP__Photosmart_M627__HPIM3422.JPG': [6, 4, 124, 197, 874, 193, 124, 773, 868, 777],
  'Kodak__DC210__DCIMAGES__DCP15612.JPG': [6, 4, 195, 294, 806, 298, 195, 777, 806, 777],
  'Kodak__DC260__DC260_01__P0004799.JPG': [6, 4, 483, 349, 861, 345, 483, 685, 858, 681],
  'Kodak__DC280__KODAK_PC__DCIM__100DC280__DCP_4387.JPG': [6, 4, 280, 197, 926, 197, 280, 773, 920, 777],
  'Nikon__CoolPix_4300__DSCN0869.JPG': [6, 4, 121, 197, 893, 206, 121, 798, 887, 798],
  'Nikon__CoolPix_995__DSCN1325.JPG': [6, 4, 154, 210, 888, 214, 157, 794, 872, 786],
  'Nikon__CoolPix_S3100__DSCN0138.JPG': [6, 4, 150, 223, 868, 218, 146, 786, 868, 782],
  'Nikon__D90__DSC_0003.JPG': [6, 4, 180, 210, 872, 214, 189, 836, 876, 832],
  'Olympus__C-3000__PA250003.JPG': [6, 4, 115, 206, 871, 181, 131, 811, 868, 794],
  'Olympus__D-450__Untitled__DCIM__100OLYMP__P3110002.JPG': [6, 4, 202, 256, 800, 256, 183, 735, 822, 744],
  'Panasonic__DS_CAMERA__DCIM__100_PANA__P1000236.JPG': [6, 4, 298, 357, 748, 353, 298, 714, 754, 714],
  'Pentax__ist_DL__IMGP6668.JPG': [6, 4, 142, 172, 841, 172, 142, 794, 835, 798],
  'Sony__DSC-P5__100MSDCF__DSC00002.JPG': [6, 4, 194, 328, 789, 319, 191, 803, 798, 803],
  'Sony__FD100__Untitled__MVC-003F.JPG': [6, 4, 126, 76, 869, 71, 123, 651, 869, 651],
  'Sony__SLT-A57___DSC8833.JPG': [6, 4, 165, 193, 861, 193, 165, 803, 852, 807],
};
